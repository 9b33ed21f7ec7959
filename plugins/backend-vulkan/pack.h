// Puts unpacked tiles into the planes of a layout. Not for where the memory is.
#pragma once

#include <array>

#include "layout.h"

namespace wick::vulkan {

/// Some rows of a weight in host memory: every plane's first of these rows. The memory is zero
/// before anything is put, for the columns behind the last.
using RowPlanes = std::array<std::uint8_t*, kPlanes>;

/// Rows 0 .. tile.n_rows of `to` get columns first_col .. first_col + tile.n_cols.
void pack_tile(const Layout& layout, const wick_unpacked& tile, std::uint64_t first_col,
               const RowPlanes& to);
/// Whole rows of the weight's plain type, contiguous. A vector's come as `plain_type`, and become
/// f32.
void pack_plain(const Layout& layout, std::uint32_t plain_type, const void* rows,
                std::uint64_t n_rows, const RowPlanes& to);

}  // namespace wick::vulkan

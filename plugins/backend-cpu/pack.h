// Interleaving rows into packed tiles. Not for deciding the layout (layout.h).
#pragma once

#include <wick/abi/storage.h>

#include <cstdint>

#include "layout.h"

namespace wick::cpu {

/// Packs rows first_row .. (within the weight) of a split tile; rows of one call start at a
/// multiple of 16, columns at a multiple of the class's super_values. `weight` is the packed
/// memory.
void pack_rows(const Layout& layout, std::uint8_t* weight, std::uint64_t first_row,
               std::uint64_t first_col, const wick_unpacked& tile) noexcept;

/// The same for plain matrices; rows [n_rows, n_cols] of 4 bytes where element is kF32, else 2.
void pack_plain_rows(const Layout& layout, std::uint8_t* weight, std::uint64_t first_row,
                     std::uint64_t n_rows, const void* rows) noexcept;

}  // namespace wick::cpu

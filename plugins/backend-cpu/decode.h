// Exact decoding by the formula of wick/abi/storage.h, value by value: for embeddings, vectors and
// widened classes. Not for products, whose kernels decode whole units.
#pragma once

#include <wick/abi/storage.h>

#include <cstdint>

#include "layout.h"

namespace wick::cpu {

/// One row of a tile as it arrives: out[0 .. tile.n_cols).
void decode_unpacked_row(const Layout& layout, const wick_unpacked& tile, std::uint64_t row,
                         float* out) noexcept;

/// One row of a weight: `tile` points to the packed tile that holds it, out[0 .. n_cols).
void decode_tile_row(const Layout& layout, const std::uint8_t* tile, std::uint32_t row_in_tile,
                     float* out) noexcept;

}  // namespace wick::cpu

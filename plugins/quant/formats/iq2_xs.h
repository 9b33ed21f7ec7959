// IQ2_XS: 2.31 bits a weight, magnitudes from a grid of 512 points.
#pragma once

#include <wick/sdk/format.h>

#include <cstdint>
#include <memory>

namespace wick::quant {

/// 256 weights in 74 bytes, in 16 groups of 16: w = scale / 8 * (2 * s[group] + 1) * +-g, with g
/// one of 8, 25, 43 and s in 0..15.
///
///   bytes 0..1    scale, f16
///   bytes 2..65   32 little-endian words: 9 bits of index into kIq2XsGrid, giving 8 weights, and 7
///   sign
///                 bits (iq_codes.h)
///   bytes 66..73  s, two to a byte, the first in the low nibble
///
/// IQ2_XXS with twice the grid and twice the scales. Unpacked to 3 bits: two that choose g, and the
/// sign.
struct BlockIq2Xs {
  std::uint8_t scale[2];
  std::uint8_t points[32][2];
  std::uint8_t sub[8];
};
static_assert(sizeof(BlockIq2Xs) == 74);

std::unique_ptr<sdk::Format> make_iq2_xs();

}  // namespace wick::quant

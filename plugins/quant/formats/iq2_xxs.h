// IQ2_XXS: 2.06 bits a weight, magnitudes from a grid of 256 points.
#pragma once

#include <wick/sdk/format.h>

#include <cstdint>
#include <memory>

namespace wick::quant {

/// 256 weights in 66 bytes, in 8 groups of 32: w = scale / 8 * (2 * s[group] + 1) * +-g, with g one
/// of 8, 25, 43 and s in 0..15.
///
///   bytes 0..1    scale, f16
///   bytes 2..65   for each group 8 bytes: 4 indices into kIq2XxsGrid, each giving 8 weights; then
///   a
///                 little-endian word of 4 times 7 sign bits (iq_codes.h) and, in its last 4, s
///
/// Eight weights are one point of a lattice, so that 2 bits a weight hold what matters most.
/// Unpacked to 3 bits: two that choose g, and the sign.
struct BlockIq2Xxs {
  std::uint8_t scale[2];
  std::uint8_t groups[8][8];
};
static_assert(sizeof(BlockIq2Xxs) == 66);

std::unique_ptr<sdk::Format> make_iq2_xxs();

}  // namespace wick::quant

// IQ3_XXS: 3.06 bits a weight, magnitudes from a grid of 256 points.
#pragma once

#include <wick/sdk/format.h>

#include <cstdint>
#include <memory>

namespace wick::quant {

/// 256 weights in 98 bytes, in 8 groups of 32: w = scale / 4 * (2 * s[group] + 1) * +-g, with g one
/// of 4, 12, 20, 28, 36, 44, 52, 62 and s in 0..15.
///
///   bytes 0..1    scale, f16
///   bytes 2..65   64 indices into kIq3XxsGrid, each giving 4 weights
///   bytes 66..97  for each group a little-endian word of 4 times 7 sign bits (iq_codes.h) and, in
///   its
///                 last 4, s
///
/// Points of four weights rather than eight: a grid for eight at 3 bits would not fit a cache.
/// Unpacked to 4 bits: three that choose g, and the sign.
struct BlockIq3Xxs {
  std::uint8_t scale[2];
  std::uint8_t points[64];
  std::uint8_t groups[8][4];
};
static_assert(sizeof(BlockIq3Xxs) == 98);

std::unique_ptr<sdk::Format> make_iq3_xxs();

}  // namespace wick::quant

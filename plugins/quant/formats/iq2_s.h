// IQ2_S: 2.56 bits a weight, magnitudes from a grid of 1024 points.
#pragma once

#include <wick/sdk/format.h>

#include <cstdint>
#include <memory>

namespace wick::quant {

/// 256 weights in 82 bytes, in 16 groups of 16: w = scale / 8 * (2 * s[group] + 1) * +-g, with g
/// one of 8, 25, 43 and s in 0..15.
///
///   bytes 0..1    scale, f16
///   bytes 2..33   low 8 bits of the 32 indices into kIq2SGrid, each giving 8 weights
///   bytes 34..65  signs, one bit a weight, set for minus
///   bytes 66..73  high 2 bits of the indices, four to a byte
///   bytes 74..81  s, two to a byte, the first in the low nibble
///
/// Signs are free here, where IQ2_XS gives one of eight away. Unpacked to 3 bits: two that choose
/// g, and the sign.
struct BlockIq2S {
  std::uint8_t scale[2];
  std::uint8_t low[32];
  std::uint8_t signs[32];
  std::uint8_t high[8];
  std::uint8_t sub[8];
};
static_assert(sizeof(BlockIq2S) == 82);

std::unique_ptr<sdk::Format> make_iq2_s();

}  // namespace wick::quant

// IQ3_S: 3.44 bits a weight, magnitudes from a grid of 512 points.
#pragma once

#include <wick/sdk/format.h>

#include <cstdint>
#include <memory>

namespace wick::quant {

/// 256 weights in 110 bytes, in 8 groups of 32: w = scale * (2 * s[group] + 1) * +-g, with g
/// odd, 1..15, and s in 0..15.
///
///   bytes 0..1      scale, f16
///   bytes 2..65     low 8 bits of the 64 indices into kIq3SGrid, each giving 4 weights
///   bytes 66..73    bit 8 of the indices, eight to a byte
///   bytes 74..105   signs, one bit a weight, set for minus
///   bytes 106..109  s, two to a byte, the first in the low nibble
///
/// Unpacked to 4 bits: three that choose g, and the sign. Steps are even, but there is no zero, so
/// that no zero point fits: a table.
struct BlockIq3S {
  std::uint8_t scale[2];
  std::uint8_t low[64];
  std::uint8_t high[8];
  std::uint8_t signs[32];
  std::uint8_t sub[4];
};
static_assert(sizeof(BlockIq3S) == 110);

std::unique_ptr<sdk::Format> make_iq3_s();

}  // namespace wick::quant

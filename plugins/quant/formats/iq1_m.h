// IQ1_M: 1.75 bits a weight, ternary points from a grid of 2048.
#pragma once

#include <wick/sdk/format.h>

#include <cstdint>
#include <memory>

namespace wick::quant {

/// 256 weights in 56 bytes, in 16 groups of 16: w = scale / 8 * (2 * s[group] + 1) * (8 * g +- 1),
/// with g one of -1, 0, 1, one sign for each 8 weights, and s in 0..7.
///
///   bytes 0..31   low 8 bits of the 32 indices into kIq1Grid, each giving 8 weights
///   bytes 32..47  high 3 bits of an index and its sign, set for minus: two nibbles to a byte
///   bytes 48..55  4 little-endian words: each holds s of four groups and, in its last 4 bits, a
///   nibble of
///                 the f16 scale, the lowest first
///
/// IQ1_S with a sign for every point and a scale for every 16 weights; the f16 lies in the bits
/// that are left. Unpacked to 3 bits: two that choose g, and the sign.
struct BlockIq1M {
  std::uint8_t low[32];
  std::uint8_t high[16];
  std::uint8_t sub[4][2];
};
static_assert(sizeof(BlockIq1M) == 56);

std::unique_ptr<sdk::Format> make_iq1_m();

}  // namespace wick::quant

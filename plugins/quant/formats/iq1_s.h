// IQ1_S: 1.56 bits a weight, ternary points from a grid of 2048.
#pragma once

#include <wick/sdk/format.h>

#include <cstdint>
#include <memory>

namespace wick::quant {

/// 256 weights in 50 bytes, in 8 groups of 32: w = scale / 8 * (2 * s[group] + 1) * (8 * g +- 1),
/// with g one of -1, 0, 1, one sign for the group, and s in 0..7.
///
///   bytes 0..1    scale, f16
///   bytes 2..33   low 8 bits of the 32 indices into kIq1Grid, each giving 8 weights
///   bytes 34..49  for each group a little-endian word: high 3 bits of its 4 indices, then s, then
///   the
///                 sign in bit 15, set for minus
///
/// The shift by an eighth lets three values follow a group that does not lie around zero. Unpacked
/// to 3 bits: two that choose g, and the sign.
struct BlockIq1S {
  std::uint8_t scale[2];
  std::uint8_t low[32];
  std::uint8_t groups[8][2];
};
static_assert(sizeof(BlockIq1S) == 50);

std::unique_ptr<sdk::Format> make_iq1_s();

}  // namespace wick::quant

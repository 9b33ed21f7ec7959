// Q2_K: 2 bits, scales and mins in two levels, 256 weights.
#pragma once

#include <wick/sdk/format.h>

#include <cstdint>
#include <memory>

namespace wick::quant {

/// 256 weights in 84 bytes, in 16 groups of 16: w = scale * s[group] * q - min * m[group], q in
/// 0..3, s and m in 0..15.
///
///   bytes 0..15   s in the low nibble, m in the high
///   bytes 16..79  q: for each half of the weights 32 bytes; bits 2k and 2k+1 of byte i are of
///   weight
///                 32 * k + i of that half
///   bytes 80..81  scale, f16
///   bytes 82..83  min, f16
///
/// With four levels the place of the lowest matters as much as the step, hence a min for each
/// group.
struct BlockQ2K {
  std::uint8_t sub[16];
  std::uint8_t quads[64];
  std::uint8_t scale[2];
  std::uint8_t min[2];
};
static_assert(sizeof(BlockQ2K) == 84);

std::unique_ptr<sdk::Format> make_q2_k();

}  // namespace wick::quant

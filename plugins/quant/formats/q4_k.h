// Q4_K: 4 bits, scales and mins in two levels, 256 weights.
#pragma once

#include <wick/sdk/format.h>

#include <cstdint>
#include <memory>

namespace wick::quant {

/// 256 weights in 144 bytes, in 8 groups of 32: w = scale * s[group] * q - min * m[group], q in
/// 0..15, s and m in 0..63.
///
///   bytes 0..1     scale, f16
///   bytes 2..3     min, f16
///   bytes 4..15    s and m, 6 bits each (six_bit_pairs.h)
///   bytes 16..143  q: 4 times 32 bytes; low nibbles hold one group, high nibbles the next
///
/// Two levels, because an f16 scale and min for 32 weights would cost a whole bit per weight; 6
/// bits each cost 3/8 of one.
struct BlockQ4K {
  std::uint8_t scale[2];
  std::uint8_t min[2];
  std::uint8_t sub[12];
  std::uint8_t pairs[128];
};
static_assert(sizeof(BlockQ4K) == 144);

std::unique_ptr<sdk::Format> make_q4_k();

}  // namespace wick::quant

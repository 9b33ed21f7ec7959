// Q5_K: 5 bits, scales and mins in two levels, 256 weights.
#pragma once

#include <wick/sdk/format.h>

#include <cstdint>
#include <memory>

namespace wick::quant {

/// 256 weights in 176 bytes, in 8 groups of 32: w = scale * s[group] * q - min * m[group], q in
/// 0..31, s and m in 0..63.
///
///   bytes 0..1     scale, f16
///   bytes 2..3     min, f16
///   bytes 4..15    s and m, 6 bits each (six_bit_pairs.h)
///   bytes 16..47   bit 4 of q: bit g of byte i is of q[32 * g + i]
///   bytes 48..175  low bits of q: 4 times 32 bytes; low nibbles hold one group, high nibbles the
///   next
///
/// Q4_K with one more bit. That bit lies in a plane whose bits are the groups, so that one shift of
/// 32 bytes serves a whole group.
struct BlockQ5K {
  std::uint8_t scale[2];
  std::uint8_t min[2];
  std::uint8_t sub[12];
  std::uint8_t high[32];
  std::uint8_t pairs[128];
};
static_assert(sizeof(BlockQ5K) == 176);

std::unique_ptr<sdk::Format> make_q5_k();

}  // namespace wick::quant

// Q6_K: 6 bits, scales in two levels, 256 weights.
#pragma once

#include <wick/sdk/format.h>

#include <cstdint>
#include <memory>

namespace wick::quant {

/// 256 weights in 210 bytes, in 16 groups of 16: w = scale * s[group] * (q - 32), q in 0..63, s in
/// -128..127.
///
///   bytes 0..127    low 4 bits of q: for each half of the weights 64 bytes; the low nibbles hold
///   its
///                   first 64, the high nibbles its last 64
///   bytes 128..191  high 2 bits of q: for each half 32 bytes; bits 2k and 2k+1 of byte i are of
///                   weight 32 * k + i of that half
///   bytes 192..207  s, one signed byte each
///   bytes 208..209  scale, f16
///
/// No min: with 64 levels a symmetric range loses little, and the byte goes to finer groups.
struct BlockQ6K {
  std::uint8_t low[128];
  std::uint8_t high[64];
  std::int8_t sub[16];
  std::uint8_t scale[2];
};
static_assert(sizeof(BlockQ6K) == 210);

std::unique_ptr<sdk::Format> make_q6_k();

}  // namespace wick::quant

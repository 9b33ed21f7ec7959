// Q3_K: 3 bits, signed scales in two levels, 256 weights.
#pragma once

#include <wick/sdk/format.h>

#include <cstdint>
#include <memory>

namespace wick::quant {

/// 256 weights in 110 bytes, in 16 groups of 16: w = scale * (s[group] - 32) * (q - 4), q in 0..7,
/// s in 0..63.
///
///   bytes 0..31     bit 2 of q: bit k of byte i is of weight 32 * k + i
///   bytes 32..95    low 2 bits of q: for each half of the weights 32 bytes; bits 2k and 2k+1 of
///   byte
///                   i are of weight 32 * k + i of that half
///   bytes 96..107   s: low 4 bits of s[0..7] and s[8..15] in the low and high nibbles of 8 bytes;
///   then
///                   the high 2 bits of s[4 * k + i] in bits 2k and 2k+1 of byte i of 4
///   bytes 108..109  scale, f16
///
/// The sub scales have a sign: -4..3 is not symmetric, and a group may want its longer side either
/// way.
struct BlockQ3K {
  std::uint8_t high[32];
  std::uint8_t quads[64];
  std::uint8_t sub[12];
  std::uint8_t scale[2];
};
static_assert(sizeof(BlockQ3K) == 110);

std::unique_ptr<sdk::Format> make_q3_k();

}  // namespace wick::quant

// Q5_1: 5 bits, one scale and an offset for 32 weights.
#pragma once

#include <wick/sdk/format.h>

#include <cstdint>
#include <memory>

namespace wick::quant {

/// 32 weights in 24 bytes: w[i] = scale * q[i] + offset, q in 0..31.
///
///   bytes 0..1    scale, f16
///   bytes 2..3    offset, f16
///   bytes 4..7    bit 4 of q: bit i of a little-endian 32-bit word is of q[i]
///   bytes 8..23   low bits of q: low nibbles hold q[0..15], high nibbles q[16..31]
///
/// Q4_1 with one more bit, kept apart so that nibbles stay nibbles.
struct BlockQ51 {
  std::uint8_t scale[2];
  std::uint8_t offset[2];
  std::uint8_t high[4];
  std::uint8_t pairs[16];
};
static_assert(sizeof(BlockQ51) == 24);

std::unique_ptr<sdk::Format> make_q5_1();

}  // namespace wick::quant

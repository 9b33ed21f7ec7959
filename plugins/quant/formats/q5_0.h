// Q5_0: 5 bits, one scale for 32 weights.
#pragma once

#include <wick/sdk/format.h>

#include <cstdint>
#include <memory>

namespace wick::quant {

/// 32 weights in 22 bytes: w[i] = scale * (q[i] - 16), q in 0..31.
///
///   bytes 0..1    scale, f16
///   bytes 2..5    bit 4 of q: bit i of a little-endian 32-bit word is of q[i]
///   bytes 6..21   low bits of q: low nibbles hold q[0..15], high nibbles q[16..31]
///
/// Q4_0 with one more bit, kept apart so that nibbles stay nibbles. The scale takes the sign that
/// puts the weight of largest magnitude on -16.
struct BlockQ50 {
  std::uint8_t scale[2];
  std::uint8_t high[4];
  std::uint8_t pairs[16];
};
static_assert(sizeof(BlockQ50) == 22);

std::unique_ptr<sdk::Format> make_q5_0();

}  // namespace wick::quant

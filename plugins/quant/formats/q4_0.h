// Q4_0: 4 bits, one scale for 32 weights.
#pragma once

#include <wick/sdk/format.h>

#include <cstdint>
#include <memory>

namespace wick::quant {

/// 32 weights in 18 bytes: w[i] = scale * (q[i] - 8), q in 0..15.
///
///   bytes 0..1    scale, f16
///   bytes 2..17   q: low nibbles hold q[0..15], high nibbles q[16..31]
///
/// The scale takes the sign that puts the weight of largest magnitude on -8: the range is not
/// symmetric, and its longer side goes where it is needed.
struct BlockQ40 {
  std::uint8_t scale[2];
  std::uint8_t pairs[16];
};
static_assert(sizeof(BlockQ40) == 18);

std::unique_ptr<sdk::Format> make_q4_0();

}  // namespace wick::quant

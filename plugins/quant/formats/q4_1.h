// Q4_1: 4 bits, one scale and an offset for 32 weights.
#pragma once

#include <wick/sdk/format.h>

#include <cstdint>
#include <memory>

namespace wick::quant {

/// 32 weights in 20 bytes: w[i] = scale * q[i] + offset, q in 0..15.
///
///   bytes 0..1    scale, f16
///   bytes 2..3    offset, f16
///   bytes 4..19   q: low nibbles hold q[0..15], high nibbles q[16..31]
///
/// An offset for blocks that do not lie around zero. It is unpacked as a min of the opposite sign,
/// so that the formula of the storage class gives the same bits.
struct BlockQ41 {
  std::uint8_t scale[2];
  std::uint8_t offset[2];
  std::uint8_t pairs[16];
};
static_assert(sizeof(BlockQ41) == 20);

std::unique_ptr<sdk::Format> make_q4_1();

}  // namespace wick::quant

// TQ1_0: weights of -1, 0 and 1, five to a byte, one scale for 256.
#pragma once

#include <wick/sdk/format.h>

#include <cstdint>
#include <memory>

namespace wick::quant {

/// 256 weights in 54 bytes: w[i] = scale * (q[i] - 1), q in 0..2, five to a byte.
///
///   bytes 0..31   q[32 * k + i], k in 0..4, in byte i
///   bytes 32..47  q[160 + 16 * k + i], k in 0..4, in byte 32 + i
///   bytes 48..51  q[240 + 4 * k + i], k in 0..3, in byte 48 + i
///   bytes 52..53  scale, f16
///
/// A byte is a fraction of 256 whose ternary digits are the q: multiplied by 3^k modulo 256 and
/// then by 3, digit k carries over. That costs two small products a weight where base 3 would
/// divide.
struct BlockTq10 {
  std::uint8_t fives[48];
  std::uint8_t fours[4];
  std::uint8_t scale[2];
};
static_assert(sizeof(BlockTq10) == 54);

std::unique_ptr<sdk::Format> make_tq1_0();

}  // namespace wick::quant

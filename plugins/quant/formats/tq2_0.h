// TQ2_0: weights of -1, 0 and 1 in 2 bits, one scale for 256.
#pragma once

#include <wick/sdk/format.h>

#include <cstdint>
#include <memory>

namespace wick::quant {

/// 256 weights in 66 bytes: w[i] = scale * (q[i] - 1), q in 0..3 (the encoder uses 0..2).
///
///   bytes 0..63   q: for each half of the weights 32 bytes; bits 2k and 2k+1 of byte i are of
///   weight
///                 32 * k + i of that half
///   bytes 64..65  scale, f16
///
/// For models trained with weights of -1, 0 and 1: a quarter of a code is wasted for cheap
/// unpacking.
struct BlockTq20 {
  std::uint8_t quads[64];
  std::uint8_t scale[2];
};
static_assert(sizeof(BlockTq20) == 66);

std::unique_ptr<sdk::Format> make_tq2_0();

}  // namespace wick::quant

// NF4 with double quantization (QLoRA, arXiv 2305.14314): the scales of four blocks of 64 weights
// are themselves of 8 bits.
#pragma once

#include <wick/sdk/format.h>

#include <cstdint>
#include <memory>

namespace wick::quant {

/// 256 weights in 134 bytes: w[i] = scale * sub[i / 64] * kNf4Values[q[i]], q in 0..15.
///
///   bytes 0..1    scale, f16
///   bytes 2..5    sub scales, one signed byte for 64 weights
///   bytes 6..133  q: of each 64, low nibbles hold the first 32, high nibbles the others
///
/// 4.19 bits a weight where NF4 has 4.25. The paper takes the mean from the scales of 256 blocks
/// and stores the rest in its dynamic 8 bits, for 4.13; linear steps within 256 weights keep a row
/// whole by itself and make the storage class one that every backend has. Signed, so that each
/// group may mirror the table.
struct BlockNf4Dq {
  std::uint8_t scale[2];
  std::uint8_t sub_scales[4];
  std::uint8_t pairs[128];
};
static_assert(sizeof(BlockNf4Dq) == 134);

std::unique_ptr<sdk::Format> make_nf4_dq();

}  // namespace wick::quant

// NF4, the 4-bit NormalFloat of QLoRA (Dettmers et al., 2023, arXiv 2305.14314): a table of
// quantiles, one scale for 64 weights.
#pragma once

#include <wick/sdk/format.h>

#include <cstdint>
#include <memory>

namespace wick::quant {

/// 64 weights in 34 bytes: w[i] = scale * kNf4Values[q[i]], q in 0..15.
///
///   bytes 0..1    scale, f16; bitsandbytes keeps f32
///   bytes 2..33   q: low nibbles hold q[0..31], high nibbles q[32..63]
///
/// The published scale is the largest magnitude; ours is searched, and negative where the block
/// suits the table mirrored. Halves instead of neighbours, so that one AND and one shift unpack 32
/// lanes in order.
struct BlockNf4 {
  std::uint8_t scale[2];
  std::uint8_t pairs[32];
};
static_assert(sizeof(BlockNf4) == 34);

std::unique_ptr<sdk::Format> make_nf4();

}  // namespace wick::quant

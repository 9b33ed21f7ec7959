// Dynamic 8 bits, block-wise (Dettmers et al., 2021, arXiv 2110.02861): a table of seven decades,
// one scale for 64 weights.
#pragma once

#include <wick/sdk/format.h>

#include <cstdint>
#include <memory>

namespace wick::quant {

/// 64 weights in 66 bytes: w[i] = scale * kDynamic8Values[q[i]], q in 0..255.
///
///   bytes 0..1    scale, f16; bitsandbytes keeps f32, and blocks of 256 to 4096 weights
///   bytes 2..65   q, one byte each
///
/// Relative rather than absolute precision: small weights keep two digits beside an outlier a
/// thousand times as large, at which even steps lose them. Without outliers Q8_0 loses less.
struct BlockDynamic8 {
  std::uint8_t scale[2];
  std::uint8_t q[64];
};
static_assert(sizeof(BlockDynamic8) == 66);

std::unique_ptr<sdk::Format> make_dynamic8();

}  // namespace wick::quant

// IQ4_NL: 4 bits into a table of uneven steps, one scale for 32 weights.
#pragma once

#include <wick/sdk/format.h>

#include <cstdint>
#include <memory>

namespace wick::quant {

/// 32 weights in 18 bytes: w[i] = scale * kIq4Values[q[i]], q in 0..15.
///
///   bytes 0..1    scale, f16
///   bytes 2..17   q: low nibbles hold q[0..15], high nibbles q[16..31]
///
/// A table instead of even steps: weights crowd around zero, so the steps are finer there.
struct BlockIq4Nl {
  std::uint8_t scale[2];
  std::uint8_t pairs[16];
};
static_assert(sizeof(BlockIq4Nl) == 18);

std::unique_ptr<sdk::Format> make_iq4_nl();

}  // namespace wick::quant

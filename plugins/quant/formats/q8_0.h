// Q8_0: 8 bits and one scale for 32 weights.
#pragma once

#include <wick/sdk/format.h>

#include <cstdint>
#include <memory>

namespace wick::quant {

/// 32 weights in 34 bytes: w[i] = scale * q[i], q in -128..127 (the encoder stops at -127).
///
///   bytes 0..1    scale, f16
///   bytes 2..33   q, one signed byte each
///
/// No zero point: weights are centred, and a symmetric range spares the kernel a correction.
/// Unpacked codes are q + 128, since codes have no sign.
struct BlockQ80 {
  std::uint8_t scale[2];
  std::uint8_t q[32];
};
static_assert(sizeof(BlockQ80) == 34);

std::unique_ptr<sdk::Format> make_q8_0();

}  // namespace wick::quant

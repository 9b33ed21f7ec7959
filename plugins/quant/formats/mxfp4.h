// MXFP4: 4-bit floats and a power of two for 32 weights.
#pragma once

#include <wick/sdk/format.h>

#include <cstdint>
#include <memory>

namespace wick::quant {

/// 32 weights in 17 bytes: w[i] = 2^(exponent - 127) * kMxfp4Values[q[i]], q in 0..15.
///
///   byte 0        exponent, E8M0; 255 is a NaN
///   bytes 1..16   q: low nibbles hold q[0..15], high nibbles q[16..31]
///
/// The MXFP4 of the Open Compute Project: q is a float of 1 sign, 2 exponent and 1 fraction bits.
/// We take the values as that standard has them (0.5 is the smallest), not doubled with a halved
/// scale, because half of exponent 0 would be no E8M0.
struct BlockMxfp4 {
  std::uint8_t exponent;
  std::uint8_t pairs[16];
};
static_assert(sizeof(BlockMxfp4) == 17);

std::unique_ptr<sdk::Format> make_mxfp4();

}  // namespace wick::quant

// IQ4_XS: 4 bits into a table of uneven steps, scales in two levels, 256 weights.
#pragma once

#include <wick/sdk/format.h>

#include <cstdint>
#include <memory>

namespace wick::quant {

/// 256 weights in 136 bytes, in 8 groups of 32: w = scale * (s[group] - 32) * kIq4Values[q], q in
/// 0..15, s in 0..63.
///
///   bytes 0..1     scale, f16
///   bytes 2..3     high 2 bits of s: bits 2g and 2g+1 of a little-endian word
///   bytes 4..7     low 4 bits of s, two groups to a byte
///   bytes 8..135   q: for each group 16 bytes; low nibbles hold its first 16, high nibbles its
///   last
///
/// IQ4_NL with its f16 scale for each 32 weights split in two levels, which saves a quarter of a
/// bit per weight.
struct BlockIq4Xs {
  std::uint8_t scale[2];
  std::uint8_t sub_high[2];
  std::uint8_t sub_low[4];
  std::uint8_t pairs[128];
};
static_assert(sizeof(BlockIq4Xs) == 136);

std::unique_ptr<sdk::Format> make_iq4_xs();

}  // namespace wick::quant

// FP4, the 4-bit floating point type of QLoRA (Dettmers et al., 2023, arXiv 2305.14314): a sign and
// eight sizes, one scale for 64 weights.
#pragma once

#include <wick/sdk/format.h>

#include <cstdint>

namespace fp4 {

/// 64 weights in 34 bytes: w[i] = scale * kTable[q[i]], q in 0..15.
///
///   bytes 0..1    scale, f16, little-endian: the largest magnitude of the block
///   bytes 2..33   q: low nibbles hold q[0..31], high nibbles q[32..63]
///
/// The highest bit of a code is the sign. The table is in the order of bitsandbytes, so that codes
/// are the same; it does not ascend. Halves instead of neighbours, so that one AND and one shift
/// unpack 32 lanes in order; bitsandbytes packs neighbours and keeps f32 scales.
struct Block {
  std::uint8_t scale[2];
  std::uint8_t pairs[32];
};
static_assert(sizeof(Block) == 34 && alignof(Block) == 1);

class Fp4 : public wick::sdk::Format {
 public:
  wick::sdk::FormatInfo info() const override;
  void decode(const std::byte* blocks, std::uint64_t n_values, float* values) const override;
  void unpack(const std::byte* blocks, std::uint64_t row_bytes,
              const wick_unpacked& tile) const override;
  bool can_encode() const override { return true; }
  /// The nearest value of the table under the block's own scale; importance changes nothing,
  /// because the scale has no freedom. Errors: kBadFile for weights that are not finite, kBadShape
  /// for weights beyond f16.
  void encode(const float* values, const float* importance, std::uint64_t n_values,
              std::byte* blocks) const override;
};

}  // namespace fp4

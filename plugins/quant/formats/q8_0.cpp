// Splits and packs blocks of Q8_0.
#include "formats/q8_0.h"

#include "formats/block_format.h"

namespace wick::quant {
namespace {

struct Q80 {
  using Block = BlockQ80;
  static constexpr const char* kName = "Q8_0";
  static constexpr std::uint32_t kType = 8;
  static constexpr wick_storage_class kStorage =
      storage({.bits = 8, .zero_point = 128}, {.super_values = 32});

  static void split(const Block& block, const Parts& out) noexcept {
    std::uint8_t* __restrict codes = out.codes;
    for (int i = 0; i < 32; ++i) codes[i] = block.q[i] ^ 0x80;
    *out.scale = load_f16(block.scale);
  }

  // No search, so importance changes nothing: the bytes are those of GGUF's other writers, and what
  // could be saved is a few percent of an error that is a tenth of Q6_K's.
  static void pack(const float* values, Block& block) {
    const float scale = largest_magnitude(values) / 127;
    store_f16(kName, scale, block.scale);
    const float inverse = 1.0f / scale;
    // An infinite inverse comes with a scale of 0 in f16, under which codes do not matter.
    const float factor = std::isfinite(inverse) ? inverse : 0.0f;
    for (int i = 0; i < 32; ++i) block.q[i] = nearest(values[i] * factor);
  }

  /// By bits, since magnitudes are ordered as whole numbers and those have a vector maximum.
  static float largest_magnitude(const float* values) noexcept {
    std::int32_t most = 0;
    for (int i = 0; i < 32; ++i)
      most = std::max(most, static_cast<std::int32_t>(sdk::bits_from_f32(values[i]) & 0x7fffffff));
    return sdk::f32_from_bits(static_cast<std::uint32_t>(most));
  }
  /// Ties away from zero: adding a half first would round some values below a tie up.
  static std::uint8_t nearest(float value) noexcept {
    const auto bits = static_cast<std::int32_t>(sdk::bits_from_f32(value));
    const float size = sdk::f32_from_bits(static_cast<std::uint32_t>(bits) & 0x7fffffff);
    const auto whole = static_cast<std::int32_t>(size);
    const std::int32_t code = whole + (size - static_cast<float>(whole) >= 0.5f ? 1 : 0);
    const std::int32_t sign = bits >> 31;
    return static_cast<std::uint8_t>((code ^ sign) - sign);
  }
};

}  // namespace

std::unique_ptr<sdk::Format> make_q8_0() {
  return std::make_unique<BlockFormat<Q80>>();
}

}  // namespace wick::quant

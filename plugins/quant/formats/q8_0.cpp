// Splits and packs blocks of Q8_0.
#include "formats/q8_0.h"

#include "formats/block_format.h"
#include "formats/round_to_nearest.h"

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

  static void pack(const float* values, Block& block) {
    const float scale = largest(values, 32).magnitude / 127;
    store_f16(kName, scale, block.scale);
    const float inverse = inverse_of(scale);
    for (int i = 0; i < 32; ++i)
      block.q[i] = static_cast<std::uint8_t>(static_cast<int>(std::round(values[i] * inverse)));
  }
};

}  // namespace

std::unique_ptr<sdk::Format> make_q8_0() {
  return std::make_unique<BlockFormat<Q80>>();
}

}  // namespace wick::quant

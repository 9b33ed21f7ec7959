// Splits and packs blocks of Q4_0.
#include "formats/q4_0.h"

#include "formats/block_format.h"
#include "formats/code_bits.h"
#include "formats/round_to_nearest.h"

namespace wick::quant {
namespace {

struct Q40 {
  using Block = BlockQ40;
  static constexpr const char* kName = "Q4_0";
  static constexpr std::uint32_t kType = 2;
  static constexpr wick_storage_class kStorage =
      storage({.bits = 4, .zero_point = 8}, {.super_values = 32});

  static void split(const Block& block, const Parts& out) noexcept {
    split_nibbles<16>(block.pairs, out.codes);
    *out.scale = load_f16(block.scale);
  }

  static void pack(const float* values, Block& block) {
    const float scale = largest(values, 32).value / -8;
    store_f16(kName, scale, block.scale);
    const float inverse = inverse_of(scale);
    std::uint8_t q[32];
    for (int i = 0; i < 32; ++i) q[i] = round_down(values[i] * inverse + 8.5f, 15);
    join_nibbles<16>(q, block.pairs);
  }
};

}  // namespace

std::unique_ptr<sdk::Format> make_q4_0() {
  return std::make_unique<BlockFormat<Q40>>();
}

}  // namespace wick::quant

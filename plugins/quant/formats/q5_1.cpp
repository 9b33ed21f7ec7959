// Splits and packs blocks of Q5_1.
#include "formats/q5_1.h"

#include "formats/block_format.h"
#include "formats/code_bits.h"
#include "formats/round_to_nearest.h"

namespace wick::quant {
namespace {

struct Q51 {
  using Block = BlockQ51;
  static constexpr const char* kName = "Q5_1";
  static constexpr std::uint32_t kType = 7;
  static constexpr wick_storage_class kStorage =
      storage({.bits = 5}, {.super_values = 32, .has_min = true});

  static void split(const Block& block, const Parts& out) noexcept {
    split_nibbles<16>(block.pairs, out.codes);
    add_bits(block.high, 4, out.codes);
    *out.scale = load_f16(block.scale);
    *out.min = -load_f16(block.offset);
  }

  static void pack(const float* values, Block& block) {
    const Range range = range_of(values, 32);
    const float scale = (range.high - range.low) / 31;
    store_f16(kName, scale, block.scale);
    store_f16(kName, range.low, block.offset);
    const float inverse = inverse_of(scale);
    std::uint8_t q[32];
    for (int i = 0; i < 32; ++i) q[i] = round_down((values[i] - range.low) * inverse + 0.5f, 31);
    join_nibbles<16>(q, block.pairs);
    join_bits(q, 4, block.high);
  }
};

}  // namespace

std::unique_ptr<sdk::Format> make_q5_1() {
  return std::make_unique<BlockFormat<Q51>>();
}

}  // namespace wick::quant

// Splits and joins blocks of Q5_K.
#include "formats/q5_k.h"

#include "formats/block_format.h"
#include "formats/code_bits.h"
#include "formats/six_bit_pairs.h"

namespace wick::quant {
namespace {

struct Q5K {
  using Block = BlockQ5K;
  static constexpr const char* kName = "Q5_K";
  static constexpr std::uint32_t kType = 13;
  static constexpr wick_storage_class kStorage = storage(
      {.bits = 5}, {.super_values = 256, .group_values = 32, .sub_bits = 6, .has_min = true});

  static void split(const Block& block, const Parts& out) noexcept {
    for (int pair = 0; pair < 4; ++pair) {
      const std::uint8_t* pairs = block.pairs + 32 * pair;
      std::uint8_t* __restrict codes = out.codes + 64 * pair;
      for (int i = 0; i < 32; ++i) {
        const int high = block.high[i] >> 2 * pair;
        codes[i] = static_cast<std::uint8_t>((pairs[i] & 15) | (high & 1) << 4);
        codes[32 + i] = static_cast<std::uint8_t>(pairs[i] >> 4 | (high & 2) << 3);
      }
    }
    *out.scale = load_f16(block.scale);
    *out.min = load_f16(block.min);
    split_six_bit_pairs(block.sub, out.sub_scales, out.sub_mins);
  }

  static void join(const JoinedParts& in, Block& block) {
    store_f16(kName, in.scale, block.scale);
    store_f16(kName, in.min, block.min);
    join_six_bit_pairs(in.sub_scales, in.sub_mins, block.sub);
    for (int i = 0; i < 4; ++i) join_nibbles<32>(in.codes + 64 * i, block.pairs + 32 * i);
    for (int i = 0; i < 32; ++i) {
      int high = 0;
      for (int group = 0; group < 8; ++group) high |= (in.codes[32 * group + i] >> 4) << group;
      block.high[i] = static_cast<std::uint8_t>(high);
    }
  }
};

}  // namespace

std::unique_ptr<sdk::Format> make_q5_k() {
  return std::make_unique<BlockFormat<Q5K>>();
}

}  // namespace wick::quant

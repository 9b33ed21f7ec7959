// Splits and joins blocks of Q4_K.
#include "formats/q4_k.h"

#include "formats/block_format.h"
#include "formats/code_bits.h"
#include "formats/six_bit_pairs.h"

namespace wick::quant {
namespace {

struct Q4K {
  using Block = BlockQ4K;
  static constexpr const char* kName = "Q4_K";
  static constexpr std::uint32_t kType = 12;
  static constexpr wick_storage_class kStorage = storage(
      {.bits = 4}, {.super_values = 256, .group_values = 32, .sub_bits = 6, .has_min = true});

  static void split(const Block& block, const Parts& out) noexcept {
    for (int i = 0; i < 4; ++i) split_nibbles<32>(block.pairs + 32 * i, out.codes + 64 * i);
    *out.scale = load_f16(block.scale);
    *out.min = load_f16(block.min);
    split_six_bit_pairs(block.sub, out.sub_scales, out.sub_mins);
  }

  static void join(const JoinedParts& in, Block& block) {
    store_f16(kName, in.scale, block.scale);
    store_f16(kName, in.min, block.min);
    join_six_bit_pairs(in.sub_scales, in.sub_mins, block.sub);
    for (int i = 0; i < 4; ++i) join_nibbles<32>(in.codes + 64 * i, block.pairs + 32 * i);
  }
};

}  // namespace

std::unique_ptr<sdk::Format> make_q4_k() {
  return std::make_unique<BlockFormat<Q4K>>();
}

}  // namespace wick::quant

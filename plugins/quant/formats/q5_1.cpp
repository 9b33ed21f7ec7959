// Splits and joins blocks of Q5_1.
#include "formats/q5_1.h"

#include "formats/block_format.h"
#include "formats/code_bits.h"

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

  static void join(const JoinedParts& in, Block& block) {
    store_f16(kName, in.scale, block.scale);
    store_f16(kName, -in.min, block.offset);
    join_nibbles<16>(in.codes, block.pairs);
    join_bits(in.codes, 4, block.high);
  }
};

}  // namespace

std::unique_ptr<sdk::Format> make_q5_1() {
  return std::make_unique<BlockFormat<Q51>>();
}

}  // namespace wick::quant

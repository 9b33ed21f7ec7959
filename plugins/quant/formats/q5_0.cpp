// Splits and joins blocks of Q5_0.
#include "formats/q5_0.h"

#include "formats/block_format.h"
#include "formats/code_bits.h"

namespace wick::quant {
namespace {

struct Q50 {
  using Block = BlockQ50;
  static constexpr const char* kName = "Q5_0";
  static constexpr std::uint32_t kType = 6;
  static constexpr wick_storage_class kStorage =
      storage({.bits = 5, .zero_point = 16}, {.super_values = 32});

  static void split(const Block& block, const Parts& out) noexcept {
    split_nibbles<16>(block.pairs, out.codes);
    add_bits(block.high, 4, out.codes);
    *out.scale = load_f16(block.scale);
  }

  static void join(const JoinedParts& in, Block& block) {
    store_f16(kName, in.scale, block.scale);
    join_nibbles<16>(in.codes, block.pairs);
    join_bits(in.codes, 4, block.high);
  }
};

}  // namespace

std::unique_ptr<sdk::Format> make_q5_0() {
  return std::make_unique<BlockFormat<Q50>>();
}

}  // namespace wick::quant

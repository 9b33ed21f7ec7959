// Splits and joins blocks of Q4_0.
#include "formats/q4_0.h"

#include "formats/block_format.h"
#include "formats/code_bits.h"

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

  static void join(const JoinedParts& in, Block& block) {
    store_f16(kName, in.scale, block.scale);
    join_nibbles<16>(in.codes, block.pairs);
  }
};

}  // namespace

std::unique_ptr<sdk::Format> make_q4_0() {
  return std::make_unique<BlockFormat<Q40>>();
}

}  // namespace wick::quant

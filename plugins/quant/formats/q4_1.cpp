// Splits and joins blocks of Q4_1.
#include "formats/q4_1.h"

#include "formats/block_format.h"
#include "formats/code_bits.h"

namespace wick::quant {
namespace {

struct Q41 {
  using Block = BlockQ41;
  static constexpr const char* kName = "Q4_1";
  static constexpr std::uint32_t kType = 3;
  static constexpr wick_storage_class kStorage =
      storage({.bits = 4}, {.super_values = 32, .has_min = true});

  static void split(const Block& block, const Parts& out) noexcept {
    split_nibbles<16>(block.pairs, out.codes);
    *out.scale = load_f16(block.scale);
    *out.min = -load_f16(block.offset);
  }

  static void join(const JoinedParts& in, Block& block) {
    store_f16(kName, in.scale, block.scale);
    store_f16(kName, -in.min, block.offset);
    join_nibbles<16>(in.codes, block.pairs);
  }
};

}  // namespace

std::unique_ptr<sdk::Format> make_q4_1() {
  return std::make_unique<BlockFormat<Q41>>();
}

}  // namespace wick::quant

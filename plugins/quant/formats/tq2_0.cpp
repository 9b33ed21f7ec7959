// Splits and joins blocks of TQ2_0.
#include "formats/tq2_0.h"

#include "formats/block_format.h"
#include "formats/code_bits.h"

namespace wick::quant {
namespace {

struct Tq20 {
  using Block = BlockTq20;
  static constexpr const char* kName = "TQ2_0";
  static constexpr std::uint32_t kType = 35;
  static constexpr wick_storage_class kStorage =
      storage({.bits = 2, .zero_point = 1}, {.super_values = 256});

  static void split(const Block& block, const Parts& out) noexcept {
    split_quads(block.quads, out.codes);
    split_quads(block.quads + 32, out.codes + 128);
    *out.scale = load_f16(block.scale);
  }

  static void join(const JoinedParts& in, Block& block) {
    store_f16(kName, in.scale, block.scale);
    join_quads(in.codes, block.quads);
    join_quads(in.codes + 128, block.quads + 32);
  }
};

}  // namespace

std::unique_ptr<sdk::Format> make_tq2_0() {
  return std::make_unique<BlockFormat<Tq20>>();
}

}  // namespace wick::quant

// Splits and joins blocks of NF4.
#include "formats/nf4.h"

#include "formats/block_format.h"
#include "formats/code_bits.h"
#include "formats/nf4_values.h"

namespace wick::quant {
namespace {

struct Nf4 {
  using Block = BlockNf4;
  static constexpr const char* kName = "org.wick.nf4@1";
  static constexpr std::uint32_t kType = WICK_NONE;  // each file binds a number to the name
  static constexpr wick_storage_class kStorage =
      storage({.bits = 4, .table = kNf4Values}, {.super_values = 64});

  static void split(const Block& block, const Parts& out) noexcept {
    split_nibbles<32>(block.pairs, out.codes);
    *out.scale = load_f16(block.scale);
  }

  static void join(const JoinedParts& in, Block& block) {
    store_f16(kName, in.scale, block.scale);
    join_nibbles<32>(in.codes, block.pairs);
  }
};

}  // namespace

std::unique_ptr<sdk::Format> make_nf4() {
  return std::make_unique<BlockFormat<Nf4>>();
}

}  // namespace wick::quant

// Splits and joins blocks of double-quantized NF4.
#include "formats/nf4_dq.h"

#include "formats/block_format.h"
#include "formats/code_bits.h"
#include "formats/nf4_values.h"

namespace wick::quant {
namespace {

struct Nf4Dq {
  using Block = BlockNf4Dq;
  static constexpr const char* kName = "org.wick.nf4-dq@1";
  static constexpr std::uint32_t kType = WICK_NONE;
  static constexpr wick_storage_class kStorage =
      storage({.bits = 4, .table = kNf4Values},
              {.super_values = 256, .group_values = 64, .sub_bits = 8, .sub_low = -128});

  static void split(const Block& block, const Parts& out) noexcept {
    for (int group = 0; group < 4; ++group) {
      split_nibbles<32>(block.pairs + 32 * group, out.codes + 64 * group);
      out.sub_scales[group] = static_cast<std::int8_t>(block.sub_scales[group]);
    }
    *out.scale = load_f16(block.scale);
  }

  static void join(const JoinedParts& in, Block& block) {
    store_f16(kName, in.scale, block.scale);
    for (int group = 0; group < 4; ++group) {
      join_nibbles<32>(in.codes + 64 * group, block.pairs + 32 * group);
      block.sub_scales[group] = static_cast<std::uint8_t>(in.sub_scales[group]);
    }
  }
};

}  // namespace

std::unique_ptr<sdk::Format> make_nf4_dq() {
  return std::make_unique<BlockFormat<Nf4Dq>>();
}

}  // namespace wick::quant

// Splits and joins blocks of Q2_K.
#include "formats/q2_k.h"

#include "formats/block_format.h"
#include "formats/code_bits.h"

namespace wick::quant {
namespace {

struct Q2K {
  using Block = BlockQ2K;
  static constexpr const char* kName = "Q2_K";
  static constexpr std::uint32_t kType = 10;
  static constexpr wick_storage_class kStorage = storage(
      {.bits = 2}, {.super_values = 256, .group_values = 16, .sub_bits = 4, .has_min = true});

  static void split(const Block& block, const Parts& out) noexcept {
    split_quads(block.quads, out.codes);
    split_quads(block.quads + 32, out.codes + 128);
    *out.scale = load_f16(block.scale);
    *out.min = load_f16(block.min);
    std::int16_t* __restrict sub_scales = out.sub_scales;
    std::int16_t* __restrict sub_mins = out.sub_mins;
    for (int i = 0; i < 16; ++i) sub_scales[i] = block.sub[i] & 15;
    for (int i = 0; i < 16; ++i) sub_mins[i] = block.sub[i] >> 4;
  }

  static void join(const JoinedParts& in, Block& block) {
    store_f16(kName, in.scale, block.scale);
    store_f16(kName, in.min, block.min);
    join_quads(in.codes, block.quads);
    join_quads(in.codes + 128, block.quads + 32);
    for (int i = 0; i < 16; ++i)
      block.sub[i] = static_cast<std::uint8_t>(in.sub_scales[i] | in.sub_mins[i] << 4);
  }
};

}  // namespace

std::unique_ptr<sdk::Format> make_q2_k() {
  return std::make_unique<BlockFormat<Q2K>>();
}

}  // namespace wick::quant

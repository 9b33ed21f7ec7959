// Splits and joins blocks of IQ4_XS.
#include "formats/iq4_xs.h"

#include "formats/block_format.h"
#include "formats/code_bits.h"
#include "formats/iq4_values.h"

namespace wick::quant {
namespace {

struct Iq4Xs {
  using Block = BlockIq4Xs;
  static constexpr const char* kName = "IQ4_XS";
  static constexpr std::uint32_t kType = 23;
  static constexpr wick_storage_class kStorage =
      storage({.bits = 4, .table = kIq4Values},
              {.super_values = 256, .group_values = 32, .sub_bits = 6, .sub_low = -32});

  static void split(const Block& block, const Parts& out) noexcept {
    for (int i = 0; i < 8; ++i) split_nibbles<16>(block.pairs + 16 * i, out.codes + 32 * i);
    *out.scale = load_f16(block.scale);
    const int high = load_u16(block.sub_high);
    for (int i = 0; i < 8; ++i) {
      const int low = block.sub_low[i / 2] >> i % 2 * 4 & 15;
      out.sub_scales[i] = static_cast<std::int16_t>((low | (high >> 2 * i & 3) << 4) - 32);
    }
  }

  static void join(const JoinedParts& in, Block& block) {
    store_f16(kName, in.scale, block.scale);
    for (int i = 0; i < 8; ++i) join_nibbles<16>(in.codes + 32 * i, block.pairs + 16 * i);
    int high = 0;
    for (int i = 0; i < 8; i += 2) {
      const int first = in.sub_scales[i] + 32, second = in.sub_scales[i + 1] + 32;
      block.sub_low[i / 2] = static_cast<std::uint8_t>((first & 15) | (second & 15) << 4);
      high |= (first >> 4 | (second >> 4) << 2) << 2 * i;
    }
    block.sub_high[0] = static_cast<std::uint8_t>(high);
    block.sub_high[1] = static_cast<std::uint8_t>(high >> 8);
  }
};

}  // namespace

std::unique_ptr<sdk::Format> make_iq4_xs() {
  return std::make_unique<BlockFormat<Iq4Xs>>();
}

}  // namespace wick::quant

// Splits blocks of IQ4_XS.
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
};

}  // namespace

std::unique_ptr<sdk::Format> make_iq4_xs() {
  return std::make_unique<BlockFormat<Iq4Xs>>();
}

}  // namespace wick::quant

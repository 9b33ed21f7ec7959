// Splits blocks of IQ2_S.
#include "formats/iq2_s.h"

#include "formats/block_format.h"
#include "formats/iq_codes.h"
#include "generated/iq_grids.h"

namespace wick::quant {
namespace {

struct Iq2S {
  using Block = BlockIq2S;
  static constexpr const char* kName = "IQ2_S";
  static constexpr std::uint32_t kType = 22;
  static constexpr wick_storage_class kStorage =
      storage({.bits = 3, .table = kIq2Values},
              {.type = WICK_SCALE_F32, .super_values = 256, .group_values = 16, .sub_bits = 5});

  static void split(const Block& block, const Parts& out) noexcept {
    *out.scale = load_f16(block.scale) * 0.125f;
    for (int i = 0; i < 32; ++i) {
      const int index = block.low[i] | (block.high[i / 4] >> i % 4 * 2 & 3) << 8;
      store_codes(eight_codes(kIq2SGrid[index]) | spread_bits(block.signs[i], 2),
                  out.codes + 8 * i);
    }
    for (int i = 0; i < 16; ++i) out.sub_scales[i] = odd_scale(block.sub[i / 2] >> i % 2 * 4 & 15);
  }
};

}  // namespace

std::unique_ptr<sdk::Format> make_iq2_s() {
  return std::make_unique<BlockFormat<Iq2S>>();
}

}  // namespace wick::quant

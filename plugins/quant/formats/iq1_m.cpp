// Splits blocks of IQ1_M.
#include "formats/iq1_m.h"

#include "formats/block_format.h"
#include "formats/iq_codes.h"
#include "generated/iq_grids.h"

namespace wick::quant {
namespace {

struct Iq1M {
  using Block = BlockIq1M;
  static constexpr const char* kName = "IQ1_M";
  static constexpr std::uint32_t kType = 29;
  static constexpr wick_storage_class kStorage =
      storage({.bits = 3, .table = kIq1Values},
              {.type = WICK_SCALE_F32, .super_values = 256, .group_values = 16, .sub_bits = 4});

  static void split(const Block& block, const Parts& out) noexcept {
    for (int i = 0; i < 32; ++i) {
      const int high = block.high[i / 2] >> i % 2 * 4;
      const int index = block.low[i] | (high & 7) << 8;
      store_codes(eight_codes(kIq1Grid[index]) | shift_codes(high & 8), out.codes + 8 * i);
    }
    std::uint32_t scale = 0;
    for (int i = 0; i < 4; ++i) {
      const std::uint32_t word = load_u16(block.sub[i]);
      scale |= (word >> 12) << 4 * i;
      for (int k = 0; k < 4; ++k) out.sub_scales[4 * i + k] = odd_scale(word >> 3 * k & 7);
    }
    *out.scale = sdk::f16_to_f32(static_cast<std::uint16_t>(scale)) * 0.125f;
  }
};

}  // namespace

std::unique_ptr<sdk::Format> make_iq1_m() {
  return std::make_unique<BlockFormat<Iq1M>>();
}

}  // namespace wick::quant

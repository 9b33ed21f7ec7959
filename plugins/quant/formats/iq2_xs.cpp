// Splits blocks of IQ2_XS.
#include "formats/iq2_xs.h"

#include "formats/block_format.h"
#include "formats/iq_codes.h"
#include "generated/iq_grids.h"

namespace wick::quant {
namespace {

struct Iq2Xs {
  using Block = BlockIq2Xs;
  static constexpr const char* kName = "IQ2_XS";
  static constexpr std::uint32_t kType = 17;
  static constexpr wick_storage_class kStorage =
      storage({.bits = 3, .table = kIq2Values},
              {.type = WICK_SCALE_F32, .super_values = 256, .group_values = 16, .sub_bits = 5});

  static void split(const Block& block, const Parts& out) noexcept {
    *out.scale = load_f16(block.scale) * 0.125f;
    for (int i = 0; i < 32; ++i) {
      const std::uint32_t point = load_u16(block.points[i]);
      store_codes(eight_codes(kIq2XsGrid[point & 511]) | spread_bits(even_signs(point >> 9), 2),
                  out.codes + 8 * i);
    }
    for (int i = 0; i < 16; ++i) out.sub_scales[i] = odd_scale(block.sub[i / 2] >> i % 2 * 4 & 15);
  }
};

}  // namespace

std::unique_ptr<sdk::Format> make_iq2_xs() {
  return std::make_unique<BlockFormat<Iq2Xs>>();
}

}  // namespace wick::quant

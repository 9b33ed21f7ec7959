// Splits blocks of IQ2_XXS.
#include "formats/iq2_xxs.h"

#include "formats/block_format.h"
#include "formats/iq_codes.h"
#include "generated/iq_grids.h"

namespace wick::quant {
namespace {

struct Iq2Xxs {
  using Block = BlockIq2Xxs;
  static constexpr const char* kName = "IQ2_XXS";
  static constexpr std::uint32_t kType = 16;
  static constexpr wick_storage_class kStorage =
      storage({.bits = 3, .table = kIq2Values},
              {.type = WICK_SCALE_F32, .super_values = 256, .group_values = 32, .sub_bits = 5});

  static void split(const Block& block, const Parts& out) noexcept {
    *out.scale = load_f16(block.scale) * 0.125f;
    for (int group = 0; group < 8; ++group) {
      const std::uint8_t* bytes = block.groups[group];
      const std::uint32_t word = load_u32(bytes + 4);
      for (int i = 0; i < 4; ++i)
        store_codes(eight_codes(kIq2XxsGrid[bytes[i]]) | spread_bits(even_signs(word >> 7 * i), 2),
                    out.codes + 32 * group + 8 * i);
      out.sub_scales[group] = odd_scale(word >> 28);
    }
  }
};

}  // namespace

std::unique_ptr<sdk::Format> make_iq2_xxs() {
  return std::make_unique<BlockFormat<Iq2Xxs>>();
}

}  // namespace wick::quant

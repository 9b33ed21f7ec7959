// Splits blocks of IQ3_XXS.
#include "formats/iq3_xxs.h"

#include "formats/block_format.h"
#include "formats/iq_codes.h"
#include "generated/iq_grids.h"

namespace wick::quant {
namespace {

constexpr float kIq3XxsValues[16] = {4,  12,  20,  28,  36,  44,  52,  62,
                                     -4, -12, -20, -28, -36, -44, -52, -62};

struct Iq3Xxs {
  using Block = BlockIq3Xxs;
  static constexpr const char* kName = "IQ3_XXS";
  static constexpr std::uint32_t kType = 18;
  static constexpr wick_storage_class kStorage =
      storage({.bits = 4, .table = kIq3XxsValues},
              {.type = WICK_SCALE_F32, .super_values = 256, .group_values = 32, .sub_bits = 5});

  static void split(const Block& block, const Parts& out) noexcept {
    *out.scale = load_f16(block.scale) * 0.25f;
    for (int group = 0; group < 8; ++group) {
      const std::uint32_t word = load_u32(block.groups[group]);
      for (int i = 0; i < 4; ++i) {
        const std::uint8_t* points = block.points + 8 * group + 2 * i;
        store_codes(two_times_four_codes(kIq3XxsGrid[points[0]], kIq3XxsGrid[points[1]]) |
                        spread_bits(even_signs(word >> 7 * i), 3),
                    out.codes + 32 * group + 8 * i);
      }
      out.sub_scales[group] = odd_scale(word >> 28);
    }
  }
};

}  // namespace

std::unique_ptr<sdk::Format> make_iq3_xxs() {
  return std::make_unique<BlockFormat<Iq3Xxs>>();
}

}  // namespace wick::quant

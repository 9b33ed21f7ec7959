// Splits blocks of IQ1_S.
#include "formats/iq1_s.h"

#include "formats/block_format.h"
#include "formats/iq_codes.h"
#include "generated/iq_grids.h"

namespace wick::quant {
namespace {

struct Iq1S {
  using Block = BlockIq1S;
  static constexpr const char* kName = "IQ1_S";
  static constexpr std::uint32_t kType = 19;
  static constexpr wick_storage_class kStorage =
      storage({.bits = 3, .table = kIq1Values},
              {.type = WICK_SCALE_F32, .super_values = 256, .group_values = 32, .sub_bits = 4});

  static void split(const Block& block, const Parts& out) noexcept {
    *out.scale = load_f16(block.scale) * 0.125f;
    for (int group = 0; group < 8; ++group) {
      const int word = load_u16(block.groups[group]);
      const std::uint64_t shift = shift_codes(word & 0x8000);
      for (int i = 0; i < 4; ++i) {
        const int index = block.low[4 * group + i] | (word >> 3 * i & 7) << 8;
        store_codes(eight_codes(kIq1Grid[index]) | shift, out.codes + 32 * group + 8 * i);
      }
      out.sub_scales[group] = odd_scale(word >> 12 & 7);
    }
  }
};

}  // namespace

std::unique_ptr<sdk::Format> make_iq1_s() {
  return std::make_unique<BlockFormat<Iq1S>>();
}

}  // namespace wick::quant

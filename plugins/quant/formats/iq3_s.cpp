// Splits blocks of IQ3_S.
#include "formats/iq3_s.h"

#include "formats/block_format.h"
#include "formats/iq_codes.h"
#include "generated/iq_grids.h"

namespace wick::quant {
namespace {

constexpr float kIq3SValues[16] = {1, 3, 5, 7, 9, 11, 13, 15, -1, -3, -5, -7, -9, -11, -13, -15};

struct Iq3S {
  using Block = BlockIq3S;
  static constexpr const char* kName = "IQ3_S";
  static constexpr std::uint32_t kType = 21;
  static constexpr wick_storage_class kStorage = storage(
      {.bits = 4, .table = kIq3SValues}, {.super_values = 256, .group_values = 32, .sub_bits = 5});

  static void split(const Block& block, const Parts& out) noexcept {
    *out.scale = load_f16(block.scale);
    for (int i = 0; i < 32; ++i)
      store_codes(two_times_four_codes(point(block, 2 * i), point(block, 2 * i + 1)) |
                      spread_bits(block.signs[i], 3),
                  out.codes + 8 * i);
    for (int i = 0; i < 8; ++i) out.sub_scales[i] = odd_scale(block.sub[i / 2] >> i % 2 * 4 & 15);
  }

  static std::uint16_t point(const Block& block, int i) noexcept {
    return kIq3SGrid[block.low[i] | (block.high[i / 8] >> i % 8 & 1) << 8];
  }
};

}  // namespace

std::unique_ptr<sdk::Format> make_iq3_s() {
  return std::make_unique<BlockFormat<Iq3S>>();
}

}  // namespace wick::quant

// Splits and joins blocks of Q3_K.
#include "formats/q3_k.h"

#include "formats/block_format.h"
#include "formats/code_bits.h"

namespace wick::quant {
namespace {

struct Q3K {
  using Block = BlockQ3K;
  static constexpr const char* kName = "Q3_K";
  static constexpr std::uint32_t kType = 11;
  static constexpr wick_storage_class kStorage =
      storage({.bits = 3, .zero_point = 4},
              {.super_values = 256, .group_values = 16, .sub_bits = 6, .sub_low = -32});

  static void split(const Block& block, const Parts& out) noexcept {
    for (int k = 0; k < 8; ++k) {
      const std::uint8_t* quads = block.quads + k / 4 * 32;
      std::uint8_t* __restrict codes = out.codes + 32 * k;
      const int shift = k % 4 * 2;
      for (int i = 0; i < 32; ++i)
        codes[i] =
            static_cast<std::uint8_t>((quads[i] >> shift & 3) | (block.high[i] >> k & 1) << 2);
    }
    *out.scale = load_f16(block.scale);
    for (int i = 0; i < 16; ++i) {
      const int low = block.sub[i % 8] >> i / 8 * 4 & 15;
      const int high = block.sub[8 + i % 4] >> i / 4 * 2 & 3;
      out.sub_scales[i] = static_cast<std::int16_t>((low | high << 4) - 32);
    }
  }

  static void join(const JoinedParts& in, Block& block) {
    store_f16(kName, in.scale, block.scale);
    for (int i = 0; i < 32; ++i) {
      int high = 0;
      for (int k = 0; k < 8; ++k) high |= (in.codes[32 * k + i] >> 2) << k;
      block.high[i] = static_cast<std::uint8_t>(high);
    }
    join_quads(in.codes, block.quads);
    join_quads(in.codes + 128, block.quads + 32);
    for (int i = 0; i < 12; ++i) block.sub[i] = 0;
    for (int i = 0; i < 16; ++i) {
      const int sub = in.sub_scales[i] + 32;
      block.sub[i % 8] = static_cast<std::uint8_t>(block.sub[i % 8] | (sub & 15) << i / 8 * 4);
      block.sub[8 + i % 4] =
          static_cast<std::uint8_t>(block.sub[8 + i % 4] | (sub >> 4) << i / 4 * 2);
    }
  }
};

}  // namespace

std::unique_ptr<sdk::Format> make_q3_k() {
  return std::make_unique<BlockFormat<Q3K>>();
}

}  // namespace wick::quant

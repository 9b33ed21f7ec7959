// Splits and joins blocks of Q6_K.
#include "formats/q6_k.h"

#include "formats/block_format.h"
#include "formats/code_bits.h"

namespace wick::quant {
namespace {

struct Q6K {
  using Block = BlockQ6K;
  static constexpr const char* kName = "Q6_K";
  static constexpr std::uint32_t kType = 14;
  static constexpr wick_storage_class kStorage =
      storage({.bits = 6, .zero_point = 32},
              {.super_values = 256, .group_values = 16, .sub_bits = 8, .sub_low = -128});

  static void split(const Block& block, const Parts& out) noexcept {
    split_half(block.low, block.high, out.codes);
    split_half(block.low + 64, block.high + 32, out.codes + 128);
    *out.scale = load_f16(block.scale);
    std::int16_t* __restrict sub_scales = out.sub_scales;
    for (int i = 0; i < 16; ++i) sub_scales[i] = block.sub[i];
  }

  static void split_half(const std::uint8_t* low, const std::uint8_t* high,
                         std::uint8_t* __restrict codes) noexcept {
    for (int i = 0; i < 32; ++i) {
      codes[i] = static_cast<std::uint8_t>((low[i] & 15) | (high[i] & 0x03) << 4);
      codes[32 + i] = static_cast<std::uint8_t>((low[32 + i] & 15) | (high[i] & 0x0c) << 2);
      codes[64 + i] = static_cast<std::uint8_t>(low[i] >> 4 | (high[i] & 0x30));
      codes[96 + i] = static_cast<std::uint8_t>(low[32 + i] >> 4 | (high[i] & 0xc0) >> 2);
    }
  }

  static void join(const JoinedParts& in, Block& block) {
    store_f16(kName, in.scale, block.scale);
    join_half(in.codes, block.low, block.high);
    join_half(in.codes + 128, block.low + 64, block.high + 32);
    for (int i = 0; i < 16; ++i) block.sub[i] = static_cast<std::int8_t>(in.sub_scales[i]);
  }

  static void join_half(const std::uint8_t* codes, std::uint8_t* low, std::uint8_t* high) noexcept {
    join_nibbles<64>(codes, low);
    for (int i = 0; i < 32; ++i)
      high[i] = static_cast<std::uint8_t>(codes[i] >> 4 | (codes[32 + i] >> 4) << 2 |
                                          (codes[64 + i] >> 4) << 4 | (codes[96 + i] >> 4) << 6);
  }
};

}  // namespace

std::unique_ptr<sdk::Format> make_q6_k() {
  return std::make_unique<BlockFormat<Q6K>>();
}

}  // namespace wick::quant

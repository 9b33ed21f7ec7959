// Splits and joins blocks of TQ1_0.
#include "formats/tq1_0.h"

#include "formats/block_format.h"

namespace wick::quant {
namespace {

/// Digit k of each of n bytes to codes[n * k + i].
template <int n, int n_digits>
void split_digits(const std::uint8_t* bytes, std::uint8_t* __restrict codes) noexcept {
  std::uint8_t rest[n];
  for (int i = 0; i < n; ++i) rest[i] = bytes[i];
  for (int k = 0; k < n_digits; ++k) {
    for (int i = 0; i < n; ++i) {
      const int tripled = rest[i] * 3;
      codes[n * k + i] = static_cast<std::uint8_t>(tripled >> 8);
      rest[i] = static_cast<std::uint8_t>(tripled);
    }
  }
}

/// The inverse: the digits as a number of base 3, and the first fraction of 256 that has them,
/// rounded up. A missing fifth digit is 0.
template <int n, int n_digits>
void join_digits(const std::uint8_t* codes, std::uint8_t* bytes) noexcept {
  for (int i = 0; i < n; ++i) {
    int number = 0;
    for (int k = 0; k < 5; ++k) number = number * 3 + (k < n_digits ? codes[n * k + i] : 0);
    bytes[i] = static_cast<std::uint8_t>((number * 256 + 242) / 243);
  }
}

struct Tq10 {
  using Block = BlockTq10;
  static constexpr const char* kName = "TQ1_0";
  static constexpr std::uint32_t kType = 34;
  static constexpr wick_storage_class kStorage =
      storage({.bits = 2, .zero_point = 1}, {.super_values = 256});

  static void split(const Block& block, const Parts& out) noexcept {
    split_digits<32, 5>(block.fives, out.codes);
    split_digits<16, 5>(block.fives + 32, out.codes + 160);
    split_digits<4, 4>(block.fours, out.codes + 240);
    *out.scale = load_f16(block.scale);
  }

  static void join(const JoinedParts& in, Block& block) {
    store_f16(kName, in.scale, block.scale);
    join_digits<32, 5>(in.codes, block.fives);
    join_digits<16, 5>(in.codes + 160, block.fives + 32);
    join_digits<4, 4>(in.codes + 240, block.fours);
  }
};

}  // namespace

std::unique_ptr<sdk::Format> make_tq1_0() {
  return std::make_unique<BlockFormat<Tq10>>();
}

}  // namespace wick::quant

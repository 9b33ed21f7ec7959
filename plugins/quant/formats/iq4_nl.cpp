// Splits and joins blocks of IQ4_NL.
#include "formats/iq4_nl.h"

#include "formats/block_format.h"
#include "formats/code_bits.h"
#include "formats/iq4_values.h"

namespace wick::quant {
namespace {

struct Iq4Nl {
  using Block = BlockIq4Nl;
  static constexpr const char* kName = "IQ4_NL";
  static constexpr std::uint32_t kType = 20;
  static constexpr wick_storage_class kStorage =
      storage({.bits = 4, .table = kIq4Values}, {.super_values = 32});

  static void split(const Block& block, const Parts& out) noexcept {
    split_nibbles<16>(block.pairs, out.codes);
    *out.scale = load_f16(block.scale);
  }

  static void join(const JoinedParts& in, Block& block) {
    store_f16(kName, in.scale, block.scale);
    join_nibbles<16>(in.codes, block.pairs);
  }
};

}  // namespace

std::unique_ptr<sdk::Format> make_iq4_nl() {
  return std::make_unique<BlockFormat<Iq4Nl>>();
}

}  // namespace wick::quant

// Splits and joins blocks of MXFP4.
#include "formats/mxfp4.h"

#include "formats/block_format.h"
#include "formats/code_bits.h"

namespace wick::quant {
namespace {

constexpr float kMxfp4Values[16] = {0, 0.5f,  1,  1.5f,  2,  3,  4,  6,
                                    0, -0.5f, -1, -1.5f, -2, -3, -4, -6};

struct Mxfp4 {
  using Block = BlockMxfp4;
  static constexpr const char* kName = "MXFP4";
  static constexpr std::uint32_t kType = 39;
  static constexpr wick_storage_class kStorage =
      storage({.bits = 4, .table = kMxfp4Values}, {.type = WICK_SCALE_E8M0, .super_values = 32});

  static void split(const Block& block, const Parts& out) noexcept {
    split_nibbles<16>(block.pairs, out.codes);
    *out.scale = sdk::e8m0_to_f32(block.exponent);
  }

  static void join(const JoinedParts& in, Block& block) {
    block.exponent = sdk::f32_to_e8m0(in.scale);
    join_nibbles<16>(in.codes, block.pairs);
  }
};

}  // namespace

std::unique_ptr<sdk::Format> make_mxfp4() {
  return std::make_unique<BlockFormat<Mxfp4>>();
}

}  // namespace wick::quant

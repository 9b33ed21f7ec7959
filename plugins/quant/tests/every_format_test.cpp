// What every format promises, whatever its blocks: no loss, parts within the declared class, bad
// calls refused.
#include "tests/random_blocks.h"
#include "tests/registered_formats.h"

#include <wick/error.h>
#include <wick/sdk/half.h>

#include <gtest/gtest.h>

#include <limits>
#include <map>

namespace wick::quant {
namespace {

using Bytes = std::vector<std::uint8_t>;

class EveryFormat : public ::testing::TestWithParam<std::string> {
 protected:
  const RegisteredFormat& format() const { return format_named(GetParam()); }
  const wick_storage_class& storage() const { return format().storage(); }

  Bytes random_blocks(std::size_t n_blocks) const {
    return random_bytes(format().vtable().gguf_type, n_blocks * format().vtable().block_bytes);
  }
  Unpacked unpack_row(const Bytes& blocks) const {
    const wick_format_v1& v = format().vtable();
    return format().unpack(blocks.data(), blocks.size(), 1,
                           blocks.size() / v.block_bytes * v.block_values);
  }
  void expect_no_loss(const Bytes& blocks) const {
    const std::vector<float> want = format().decode(blocks);
    const std::vector<float> got = reassemble(storage(), unpack_row(blocks));
    ASSERT_EQ(got.size(), want.size());
    for (std::size_t i = 0; i < want.size(); ++i)
      ASSERT_TRUE(same_value(got[i], want[i])) << i << ": " << got[i] << " for " << want[i];
  }
};

/// Where a block keeps its f16 scale and min.
struct ScalePlaces {
  int scale;
  int min = -1;
};
const std::map<std::string, ScalePlaces> kScalePlaces = {
    {"Q4_0", {0}},
    {"Q4_1", {0, 2}},
    {"Q5_0", {0}},
    {"Q5_1", {0, 2}},
    {"Q8_0", {0}},
    {"Q2_K", {80, 82}},
    {"Q3_K", {108}},
    {"Q4_K", {0, 2}},
    {"Q5_K", {0, 2}},
    {"Q6_K", {208}},
    {"IQ4_NL", {0}},
    {"IQ4_XS", {0}},
    {"TQ1_0", {52}},
    {"TQ2_0", {64}},
    {"IQ1_S", {0}},
    {"IQ2_XXS", {0}},
    {"IQ2_XS", {0}},
    {"IQ2_S", {0}},
    {"IQ3_XXS", {0}},
    {"IQ3_S", {0}},
    {"org.wick.nf4@1", {0}},
    {"org.wick.nf4-dq@1", {0}},
    {"org.wick.dynamic8@1", {0}},
};

void put_u16(std::uint16_t value, std::uint8_t* to) {
  to[0] = static_cast<std::uint8_t>(value);
  to[1] = static_cast<std::uint8_t>(value >> 8);
}

void set_scale(const std::string& name, std::uint16_t half, std::uint8_t* block) {
  if (name == "MXFP4") {
    block[0] = static_cast<std::uint8_t>(half);
  } else if (name == "IQ1_M") {
    for (int i = 0; i < 4; ++i)
      block[49 + 2 * i] =
          static_cast<std::uint8_t>((block[49 + 2 * i] & 15) | ((half >> 4 * i & 15) << 4));
  } else {
    put_u16(half, block + kScalePlaces.at(name).scale);
  }
}

TEST_P(EveryFormat, UnpacksRandomBlocksToWhatTheyDecodeTo) {
  expect_no_loss(random_blocks(512));
}

TEST_P(EveryFormat, UnpacksEveryScaleToWhatItDecodesTo) {
  const std::uint32_t bytes = format().vtable().block_bytes;
  const Bytes one = random_blocks(1);
  Bytes blocks;
  for (std::uint32_t half = 0; half < 65536; half += 1 + half % 5) {
    blocks.insert(blocks.end(), one.begin(), one.end());
    set_scale(GetParam(), static_cast<std::uint16_t>(half), blocks.data() + blocks.size() - bytes);
  }
  expect_no_loss(blocks);
}

TEST_P(EveryFormat, UnpacksScalesThatAreNoOrdinaryNumbersToWhatTheyDecodeTo) {
  const std::uint32_t bytes = format().vtable().block_bytes;
  const int min_place = kScalePlaces.count(GetParam()) ? kScalePlaces.at(GetParam()).min : -1;
  // Zeros, subnormals, the largest, infinities, quiet and signalling NaN, of both signs.
  const std::uint16_t specials[] = {0x0000, 0x8000, 0x0001, 0x8001, 0x03ff, 0x83ff, 0x7bff, 0xfbff,
                                    0x7c00, 0xfc00, 0x7e00, 0xfe00, 0x7c01, 0xfc01, 0xbc00};
  for (const std::uint16_t scale : specials) {
    for (const std::uint16_t min : specials) {
      Bytes blocks = random_blocks(2);
      set_scale(GetParam(), scale, blocks.data() + bytes);
      if (min_place >= 0) put_u16(min, blocks.data() + bytes + min_place);
      expect_no_loss(blocks);
    }
  }
}

TEST_P(EveryFormat, KeepsEveryPartWithinItsDeclaredClass) {
  const wick_storage_class& c = storage();
  const Unpacked parts = unpack_row(random_blocks(2048));
  for (const int code : parts.codes) ASSERT_LT(code, 1 << c.code_bits);
  for (const int sub : parts.sub_scales) {
    ASSERT_GE(sub, c.sub_scale_low);
    ASSERT_LT(sub, c.sub_scale_low + (1 << c.sub_scale_bits));
  }
  for (const int sub : parts.sub_mins) {
    ASSERT_GE(sub, c.sub_min_low);
    ASSERT_LT(sub, c.sub_min_low + (1 << c.sub_min_bits));
  }
  const auto holds = [&](float scale) {
    if (c.scale_type == WICK_SCALE_F16)
      return same_value(sdk::f16_to_f32(sdk::f32_to_f16(scale)), scale);
    if (c.scale_type == WICK_SCALE_E8M0)
      return same_value(sdk::e8m0_to_f32(sdk::f32_to_e8m0(scale)), scale);
    return c.scale_type == WICK_SCALE_F32;
  };
  for (const float scale : parts.scales) ASSERT_TRUE(holds(scale)) << scale;
  for (const float min : parts.mins) ASSERT_TRUE(holds(min)) << min;
}

TEST_P(EveryFormat, DeclaresAClassThatABackendCanPack) {
  const wick_format_v1& v = format().vtable();
  const wick_storage_class& c = storage();
  EXPECT_EQ(c.struct_size, sizeof(wick_storage_class));
  EXPECT_GE(c.code_bits, 1u);
  EXPECT_LE(c.code_bits, 8u);
  EXPECT_EQ(c.group_values % 8, 0u);
  EXPECT_EQ(c.super_values % c.group_values, 0u);
  EXPECT_EQ(v.block_values % c.super_values, 0u);
  if (!c.sub_scale_bits) {
    EXPECT_EQ(c.group_values, c.super_values);
  }
  if (c.table) {
    EXPECT_EQ(c.zero_point, 0);
    for (int i = 0; i < 1 << c.code_bits; ++i) EXPECT_TRUE(std::isfinite(c.table[i])) << i;
  }
}

TEST_P(EveryFormat, UnpacksRowsThatLieApart) {
  const wick_format_v1& v = format().vtable();
  const std::uint64_t used = 3 * v.block_bytes, row_bytes = used + 37;
  const Bytes bytes = random_bytes(7, 4 * row_bytes);
  const Unpacked tile = format().unpack(bytes.data(), row_bytes, 4, 3 * v.block_values);
  const std::vector<float> got = reassemble(storage(), tile);
  std::size_t at = 0;
  for (std::uint64_t row = 0; row < 4; ++row) {
    const auto* first = bytes.data() + row * row_bytes;
    for (const float want : format().decode(Bytes(first, first + used))) {
      ASSERT_TRUE(same_value(got[at], want)) << at << ": " << got[at] << " for " << want;
      ++at;
    }
  }
}

TEST_P(EveryFormat, RefusesARowThatIsNotAWholeNumberOfBlocks) {
  auto error = sdk::make<wick_error>();
  const wick_code code = format().decode_count(format().vtable().block_values - 1, &error);
  EXPECT_EQ(static_cast<ErrorCode>(code), ErrorCode::kBadShape);
  EXPECT_NE(std::string(error.message).find(GetParam() + ": a row holds "), std::string::npos);
}

TEST_P(EveryFormat, RefusesATileWithoutMemory) {
  auto error = sdk::make<wick_error>();
  auto tile = sdk::make<wick_unpacked>();
  tile.n_cols = format().vtable().block_values;
  for (wick_unpacked* bad : {static_cast<wick_unpacked*>(nullptr), &tile})
    EXPECT_EQ(static_cast<ErrorCode>(format().unpack_to(bad, &error)), ErrorCode::kBadArgument);
}

INSTANTIATE_TEST_SUITE_P(Quant, EveryFormat, ::testing::ValuesIn(format_names()),
                         [](const auto& tested) { return as_test_name(tested.param); });

TEST(Mxfp4, IsANanWhereTheExponentIs) {
  Bytes block(17, 0x11);
  block[0] = 255;
  for (const float value : format_named("MXFP4").decode(block)) EXPECT_TRUE(std::isnan(value));
}

TEST(Mxfp4, ReachesTheSmallestValuesExactly) {
  Bytes block(17, 0x11);  // every weight is 0.5 * 2^(exponent - 127)
  block[0] = 0;
  EXPECT_EQ(format_named("MXFP4").decode(block)[0], std::ldexp(1.0f, -128));
  block[0] = 1;
  EXPECT_EQ(format_named("MXFP4").decode(block)[31], std::ldexp(1.0f, -127));
}

}  // namespace
}  // namespace wick::quant

// The block-wise formats of bitsandbytes: blocks worked out by hand, their tables, and what the
// search gains over the published scales.
#include "formats/dynamic8_values.h"
#include "tests/plain_rounding.h"
#include "tests/registered_formats.h"
#include "tests/rows.h"

#include <gtest/gtest.h>

#include <set>

namespace wick::quant {
namespace {

using Bytes = std::vector<std::uint8_t>;

TEST(Nf4, DecodesABlockWorkedOutByHand) {
  Bytes block(34);
  block[1] = 0x41;  // 0x4100 is 2.5 in f16
  for (unsigned i = 0; i < 32; ++i) block[2 + i] = static_cast<std::uint8_t>(i % 16 * 17);
  const std::vector<float> values = format_named("org.wick.nf4@1").decode(block);
  EXPECT_EQ(values[0], -2.5f);
  EXPECT_EQ(values[7], 0.0f);
  EXPECT_EQ(values[15], 2.5f);
  EXPECT_EQ(values[1], 2.5f * -0.6961928009986877f);
  EXPECT_EQ(values[32 + 14], 2.5f * 0.7229568362236023f);  // high nibbles are the second half
}

TEST(Nf4Dq, DecodesABlockWorkedOutByHand) {
  Bytes block(134);
  block[1] = 0x38;  // 0.5
  block[2] = 127, block[3] = 0x80, block[4] = 0, block[5] = 1;
  for (unsigned i = 0; i < 128; ++i) block[6 + i] = 0xe0;  // codes 0 and 14
  const std::vector<float> values = format_named("org.wick.nf4-dq@1").decode(block);
  const float high = 0.7229568362236023f;
  EXPECT_EQ(values[0], -63.5f);
  EXPECT_EQ(values[32], 63.5f * high);
  EXPECT_EQ(values[64], 64.0f);  // -128 times 0.5 times -1
  EXPECT_EQ(values[127], -64.0f * high);
  EXPECT_EQ(values[128], 0.0f);
  EXPECT_EQ(values[192], -0.5f);
  EXPECT_EQ(values[255], 0.5f * high);
}

TEST(Dynamic8, DecodesABlockWorkedOutByHand) {
  Bytes block(66);
  block[1] = 0xc4;  // -4
  for (unsigned i = 0; i < 64; ++i) block[2 + i] = static_cast<std::uint8_t>(4 * i + 3);
  block[2] = 127, block[3] = 128, block[4] = 126, block[5] = 0;
  const std::vector<float> values = format_named("org.wick.dynamic8@1").decode(block);
  EXPECT_EQ(values[0], 0.0f);
  EXPECT_EQ(values[1], -4 * 0.55e-6f);
  EXPECT_EQ(values[2], 4 * 0.55e-6f);
  EXPECT_EQ(values[3], 4 * 0.99296875f);
  EXPECT_EQ(values[63], -4.0f);  // code 255 is 1
}

/// The paper's words: the sign, a unary exponent of ten, and what is left as even steps.
TEST(Dynamic8Values, AreTheSignsTheDecadesAndTheSteps) {
  std::set<float> want = {0.0f, 1.0f};
  for (int n_zeros = 0; n_zeros < 7; ++n_zeros) {
    const int n_fractions = 1 << (6 - n_zeros);
    const double step = 0.9 / n_fractions;
    for (int i = 0; i < n_fractions; ++i)
      for (const int sign : {-1, 1})
        want.insert(static_cast<float>(sign * std::pow(10, -n_zeros) * (0.1 + (i + 0.5) * step)));
  }
  ASSERT_EQ(want.size(), 256u);
  std::size_t at = 0;
  for (const float value : want) {
    const float got = kDynamic8Values[at++];
    EXPECT_LE(std::fabs(got - value), std::fabs(value) * 0x1p-23f) << value;  // one rounding
  }
}

TEST(Dynamic8, TakesTheNearestValueOfTheTable) {
  const RegisteredFormat& format = format_named("org.wick.dynamic8@1");
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    std::vector<float> row = row_of("wide", seed, 64);
    const std::vector<float> got = format.decode(format.encode(row));
    const Bytes block = format.encode(row);
    const float scale = sdk::f16_to_f32(static_cast<std::uint16_t>(block[0] | block[1] << 8));
    for (std::size_t i = 0; i < row.size(); ++i) {
      float least = std::fabs(row[i]);
      for (const float value : kDynamic8Values)
        least = std::min(least, std::fabs(row[i] - scale * value));
      // Of two at nearly the same distance either will do.
      EXPECT_LE(std::fabs(row[i] - got[i]), least * 1.0001f + 1e-6f * std::fabs(row[i])) << seed;
    }
  }
}

/// A scale may be negative where it pays: of a row whose largest value is below zero.
TEST(Blockwise, MirrorsTheTableWhereThatLosesLess) {
  std::vector<float> row = row_of("normal", 3, 256);
  for (std::size_t i = 0; i < 256; i += 64) row[i] = -4;
  for (const char* name : {"org.wick.dynamic8@1", "org.wick.nf4@1"}) {
    const RegisteredFormat& format = format_named(name);
    std::vector<float> mirrored = row;
    for (float& value : mirrored) value = -value;
    const double as_is = squared_error(format.decode(format.encode(row)), row);
    const double other = squared_error(format.decode(format.encode(mirrored)), mirrored);
    EXPECT_NEAR(as_is / other, 1, 1e-3) << name;
    EXPECT_LT(as_is, 0.97 * squared_error(rounded_plainly(format.storage(), row), row)) << name;
  }
}

}  // namespace
}  // namespace wick::quant

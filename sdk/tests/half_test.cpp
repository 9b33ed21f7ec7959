// The small floating types, over every bit pattern they have and every border between two of them.
#include <wick/sdk/half.h>

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>

namespace wick::sdk {
namespace {

/// The definition of IEEE half precision, in arithmetic instead of bits.
double value_of_f16(std::uint16_t half) {
  const int exponent = (half >> 10) & 31;
  const int fraction = half & 1023;
  const double sign = half & 0x8000 ? -1.0 : 1.0;
  if (exponent == 31)
    return fraction ? std::nan("") : sign * std::numeric_limits<double>::infinity();
  if (exponent == 0) return sign * std::ldexp(fraction, -24);
  return sign * std::ldexp(1024 + fraction, exponent - 25);
}

TEST(Half, WidensEveryF16Exactly) {
  for (std::uint32_t i = 0; i < 65536; ++i) {
    const auto half = static_cast<std::uint16_t>(i);
    const double want = value_of_f16(half);
    const float got = f16_to_f32(half);
    if (std::isnan(want)) {
      ASSERT_TRUE(std::isnan(got)) << i;
    } else {
      ASSERT_EQ(got, want) << i;
    }
    ASSERT_EQ(std::signbit(got), (half & 0x8000) != 0) << i;
  }
}

TEST(Half, BringsEveryF16Back) {
  for (std::uint32_t i = 0; i < 65536; ++i) {
    const auto half = static_cast<std::uint16_t>(i);
    const bool is_nan = (half & 0x7fff) > 0x7c00;
    ASSERT_EQ(f32_to_f16(f16_to_f32(half)), is_nan ? half | 0x200 : half) << i;
  }
}

TEST(Half, RoundsToTheNearestF16AndTiesToEven) {
  for (std::uint32_t i = 0; i < 0x7c00; ++i) {
    const auto low = static_cast<std::uint16_t>(i), high = static_cast<std::uint16_t>(i + 1);
    const double above = high == 0x7c00 ? 65536.0 : value_of_f16(high);
    const auto middle = static_cast<float>((value_of_f16(low) + above) / 2);  // 12 bits: exact
    const std::uint16_t even = i % 2 == 0 ? low : high;
    ASSERT_EQ(f32_to_f16(middle), even) << i;
    ASSERT_EQ(f32_to_f16(std::nextafter(middle, 0.0f)), low) << i;
    ASSERT_EQ(f32_to_f16(std::nextafter(middle, 1e9f)), high) << i;
    ASSERT_EQ(f32_to_f16(-middle), even | 0x8000) << i;
  }
}

TEST(Half, TurnsWhatIsTooLargeIntoInfinityAndWhatIsTooSmallIntoZero) {
  EXPECT_EQ(f32_to_f16(std::numeric_limits<float>::max()), 0x7c00);
  EXPECT_EQ(f32_to_f16(-std::numeric_limits<float>::infinity()), 0xfc00);
  EXPECT_EQ(f32_to_f16(std::numeric_limits<float>::denorm_min()), 0);
  EXPECT_EQ(f32_to_f16(-1e-30f), 0x8000);
}

TEST(Half, KeepsANanANan) {
  const float signalling = f32_from_bits(0x7f800001u);
  EXPECT_TRUE(std::isnan(f16_to_f32(f32_to_f16(signalling))));
  EXPECT_TRUE(std::isnan(bf16_to_f32(f32_to_bf16(signalling))));
  EXPECT_TRUE(std::isnan(bf16_to_f32(f32_to_bf16(f32_from_bits(0x7fffffffu)))));
}

TEST(Half, BringsEveryBf16Back) {
  for (std::uint32_t i = 0; i < 65536; ++i) {
    const auto value = static_cast<std::uint16_t>(i);
    const bool is_nan = (value & 0x7fff) > 0x7f80;
    ASSERT_EQ(f32_to_bf16(bf16_to_f32(value)), is_nan ? value | 0x40 : value) << i;
  }
}

TEST(Half, RoundsToTheNearestBf16AndTiesToEven) {
  EXPECT_EQ(f32_to_bf16(f32_from_bits(0x3f808000u)), 0x3f80);
  EXPECT_EQ(f32_to_bf16(f32_from_bits(0x3f808001u)), 0x3f81);
  EXPECT_EQ(f32_to_bf16(f32_from_bits(0x3f818000u)), 0x3f82);
  EXPECT_EQ(f32_to_bf16(std::numeric_limits<float>::max()), 0x7f80);
}

TEST(Half, ReadsAnE8m0AsAPowerOfTwo) {
  for (int i = 0; i < 255; ++i) {
    const float value = e8m0_to_f32(static_cast<std::uint8_t>(i));
    ASSERT_EQ(value, std::ldexp(1.0, i - 127)) << i;
    ASSERT_EQ(f32_to_e8m0(value), i);
  }
  EXPECT_TRUE(std::isnan(e8m0_to_f32(255)));
  EXPECT_EQ(f32_to_e8m0(std::nanf("")), 255);
  EXPECT_EQ(f32_to_e8m0(0.0f), 255);
  EXPECT_EQ(f32_to_e8m0(-1.0f), 255);
  EXPECT_EQ(f32_to_e8m0(1.5f), 255);
  EXPECT_EQ(f32_to_e8m0(std::numeric_limits<float>::infinity()), 255);
}

TEST(Half, IsAConstantExpression) {
  static_assert(f16_to_f32(0x3c00) == 1.0f);
  static_assert(f32_to_f16(-2.0f) == 0xc000);
  static_assert(e8m0_to_f32(127) == 1.0f);
}

}  // namespace
}  // namespace wick::sdk

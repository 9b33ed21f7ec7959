// Blocks small enough to decode by hand, one for each way in which formats lay out their bits.
#include "tests/registered_formats.h"

#include <gtest/gtest.h>

namespace wick::quant {
namespace {

/// A block of zero bytes with some set: pairs of place and byte. 0x3c, 0x00 is the f16 1.
std::vector<float> decode(const char* name, const std::vector<std::pair<std::size_t, int>>& bytes) {
  const RegisteredFormat& format = format_named(name);
  std::vector<std::uint8_t> block(format.vtable().block_bytes);
  for (const auto& [place, byte] : bytes) block.at(place) = static_cast<std::uint8_t>(byte);
  return format.decode(block);
}

TEST(Q40, CountsFromMinusEightInHalves) {
  const std::vector<float> w = decode("Q4_0", {{1, 0x3c}, {2, 0xf1}});
  EXPECT_EQ(w[0], -7.0f);  // low nibble 1
  EXPECT_EQ(w[16], 7.0f);  // high nibble 15
  EXPECT_EQ(w[1], -8.0f);
}

TEST(Q41, AddsItsOffset) {
  const std::vector<float> w = decode("Q4_1", {{1, 0x3c}, {3, 0xc0}, {4, 0x05}});
  EXPECT_EQ(w[0], 3.0f);  // 1 * 5 + -2
  EXPECT_EQ(w[31], -2.0f);
}

TEST(Q50, TakesTheFifthBitFromTheWord) {
  const std::vector<float> w = decode("Q5_0", {{1, 0x3c}, {2, 0x01}, {5, 0x80}, {6, 0x03}});
  EXPECT_EQ(w[0], 3.0f);   // 16 + 3 - 16
  EXPECT_EQ(w[31], 0.0f);  // 16 + 0 - 16
  EXPECT_EQ(w[1], -16.0f);
}

TEST(Q80, HoldsSignedBytes) {
  const std::vector<float> w = decode("Q8_0", {{1, 0x38}, {2, 0x80}, {33, 0x7f}});
  EXPECT_EQ(w[0], -64.0f);  // 0.5 * -128
  EXPECT_EQ(w[31], 63.5f);
}

TEST(Q2K, HasAScaleAndAMinForEverySixteen) {
  const std::vector<float> w =
      decode("Q2_K", {{1, 0x23}, {2, 0x05}, {16 + 16, 0x03}, {16, 0x0c}, {81, 0x3c}, {83, 0x3c}});
  EXPECT_EQ(w[16], 7.0f);  // 3 * 3 - 2
  EXPECT_EQ(w[17], -2.0f);
  EXPECT_EQ(w[32], 15.0f);  // bits 2 and 3 of byte 0: 5 * 3 - 0
}

TEST(Q3K, CountsFromMinusFourWithSignedScales) {
  // s[0] = 0 - 32, s[15] = 63 - 32: low nibble in byte 7 of s, high bits in byte 11.
  const std::vector<float> w = decode("Q3_K", {{0, 0x01}, {103, 0xf0}, {107, 0xc0}, {109, 0x3c}});
  EXPECT_EQ(w[0], 0.0f);       // code 4
  EXPECT_EQ(w[1], 128.0f);     // -32 * -4
  EXPECT_EQ(w[255], -124.0f);  // 31 * -4
}

TEST(Q4K, TakesThePartsOfItsLaterScalesFromTwoPlaces) {
  // s[4] = 0x2b, m[4] = 0x1c: low nibbles in byte 8 of 12, high bits atop s[0] and m[0].
  const std::vector<float> w =
      decode("Q4_K",
             {{1, 0x3c}, {3, 0x3c}, {4, 0x82}, {8, 0x43}, {12, 0xcb}, {16, 0x01}, {16 + 64, 0x02}});
  EXPECT_EQ(w[0], 2.0f * 1 - 3);
  EXPECT_EQ(w[128], 43.0f * 2 - 28);
  EXPECT_EQ(w[129], -28.0f);
}

TEST(Q5K, TakesTheFifthBitFromThePlaneOfTheGroup) {
  const std::vector<float> w =
      decode("Q5_K", {{1, 0x3c}, {4, 0x01}, {5, 0x02}, {16, 0x03}, {48, 0x21}});
  EXPECT_EQ(w[0], 17.0f);       // 16 + 1
  EXPECT_EQ(w[32], 2.0f * 18);  // 16 + 2
  EXPECT_EQ(w[1], 0.0f);
}

TEST(Q6K, CountsFromMinusThirtyTwoWithSignedScales) {
  const std::vector<float> w =
      decode("Q6_K", {{0, 0x51}, {128, 0x21}, {192, 0xff}, {196, 0x02}, {209, 0x3c}});
  EXPECT_EQ(w[0], 15.0f);      // -1 * (16 + 1 - 32)
  EXPECT_EQ(w[64], 2.0f * 5);  // 2 * (32 + 5 - 32)
  EXPECT_EQ(w[1], 32.0f);
}

TEST(Iq4Xs, LooksItsValuesUp) {
  // s[1] = 33 - 32: low nibble 1 in the high nibble of byte 4, high bits 2 in bits 2 and 3 of
  // byte 2.
  const std::vector<float> w = decode("IQ4_XS", {{1, 0x3c}, {2, 0x08}, {4, 0x10}, {24, 0xf8}});
  EXPECT_EQ(w[32], 1.0f);
  EXPECT_EQ(w[48], 113.0f);
  EXPECT_EQ(w[0], -32.0f * -127);
}

TEST(Tq10, ReadsAByteAsTernaryDigits) {
  // 0.21002 in base 3 is 191 / 243; its byte is 191 * 256 / 243, rounded up.
  const std::vector<float> w = decode("TQ1_0", {{0, 202}, {53, 0x3c}});
  EXPECT_EQ((std::vector<float>{w[0], w[32], w[64], w[96], w[128]}),
            (std::vector<float>{1, 0, -1, -1, 1}));
}

TEST(Tq20, HoldsFourToAByte) {
  const std::vector<float> w = decode("TQ2_0", {{0, 0x24}, {65, 0x3c}});
  EXPECT_EQ((std::vector<float>{w[0], w[32], w[64], w[96]}), (std::vector<float>{-1, 0, 1, -1}));
}

TEST(Iq1M, KeepsItsScaleInFourNibbles) {
  // The f16 0x3c00: nibble 3 of the last word 3, of the one before c. Point 0 is eight times -1.
  const std::vector<float> w = decode("IQ1_M", {{32, 0x80}, {48, 0x01}, {53, 0xc0}, {55, 0x30}});
  EXPECT_EQ(w[0], 3.0f * (-1.0f + 0.125f));  // s = 1: 2 * 1 + 1
  EXPECT_EQ(w[8], 3.0f * (-1.0f - 0.125f));
  EXPECT_EQ(w[16], -1.0f + 0.125f);
}

TEST(Iq2Xxs, MakesTheNumberOfMinusSignsEven) {
  // Point 0 is eight times 8; the signs 1 of the first eight make a minus of the eighth too.
  const std::vector<float> w = decode("IQ2_XXS", {{1, 0x3c}, {6, 0x01}});
  EXPECT_EQ(w[0], -1.0f);  // 1 / 8 * 8
  EXPECT_EQ(w[1], 1.0f);
  EXPECT_EQ(w[7], -1.0f);
}

}  // namespace
}  // namespace wick::quant

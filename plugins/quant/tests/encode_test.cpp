// The formats that can be written: each weight to the nearest code, and no weights that cannot be.
#include "tests/random_blocks.h"
#include "tests/registered_formats.h"

#include <wick/error.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

namespace wick::quant {
namespace {

/// Rows whose shapes have names; 256 values each.
std::vector<float> row_of(const std::string& shape) {
  std::vector<float> row(256);
  for (std::size_t i = 0; i < row.size(); ++i) {
    const auto random = static_cast<double>(mixed(i + 1) >> 11) / (1ull << 52) - 1;  // -1 .. 1
    if (shape == "ramp") row[i] = static_cast<float>(i) / 64 - 1;
    if (shape == "uniform") row[i] = static_cast<float>(random);
    if (shape == "outlier") row[i] = static_cast<float>(i % 32 == 5 ? -30 : random);
    if (shape == "offset") row[i] = static_cast<float>(100 + random);
    if (shape == "flat") row[i] = -0.25f;
  }
  return row;  // "zero": as it is
}

ErrorCode error_of(const std::string& name, const std::vector<float>& row, std::string* sentence) {
  try {
    format_named(name).encode(row);
  } catch (const Error& e) {
    *sentence = e.what();
    return e.code();
  }
  return ErrorCode::kOk;
}

struct Case {
  std::string name;
  int top;       ///< of codes
  bool has_min;  ///< codes lie between the least and the greatest weight, else around zero
};

class Encoder : public ::testing::TestWithParam<Case> {};

TEST_P(Encoder, PutsEveryWeightWithinHalfAStep) {
  const auto& [name, top, has_min] = GetParam();
  for (const char* shape : {"ramp", "uniform", "outlier", "offset", "flat", "zero"}) {
    const std::vector<float> row = row_of(shape);
    const std::vector<float> got = format_named(name).decode(format_named(name).encode(row));
    for (std::size_t i = 0; i < row.size(); ++i) {
      const auto block = row.begin() + static_cast<std::ptrdiff_t>(i / 32 * 32);
      const auto [low, high] = std::minmax_element(block, block + 32);
      const double largest = std::max(std::fabs(*low), std::fabs(*high));
      const double step =
          has_min ? (*high - *low) / top : 2 * largest / (top + (top == 254 ? 0 : 1));
      // Half a step; a whole one at the end that a range without symmetry lacks; and the rounding
      // of scale and offset to 11 bits, which the code multiplies.
      const double end = has_min || top == 254 ? 0.5 : 1.0;
      const double bound = end * step + 2 * largest / 2048 + 1e-7;
      EXPECT_LE(std::fabs(got[i] - row[i]), bound) << name << " " << shape << " " << i;
    }
  }
}

TEST_P(Encoder, KeepsZerosZero) {
  const std::vector<float> row = row_of("zero");
  const RegisteredFormat& format = format_named(GetParam().name);
  for (const float value : format.decode(format.encode(row))) ASSERT_EQ(value, 0.0f);
}

TEST_P(Encoder, TurnsWhatIsTooSmallForItsScaleIntoZero) {
  std::vector<float> row(32, 1e-42f);
  row[3] = -1e-42f;
  const RegisteredFormat& format = format_named(GetParam().name);
  for (const float value : format.decode(format.encode(row))) ASSERT_EQ(value, 0.0f);
}

TEST_P(Encoder, GivesBackWhatItDecodes) {
  const RegisteredFormat& format = format_named(GetParam().name);
  const std::vector<float> once = format.decode(format.encode(row_of("uniform")));
  const std::vector<float> twice = format.decode(format.encode(once));
  for (std::size_t i = 0; i < once.size(); ++i)
    ASSERT_NEAR(twice[i], once[i], std::fabs(once[i]) / 1024 + 1.0 / 1024) << i;
}

TEST_P(Encoder, RefusesWeightsThatAreNotFinite) {
  for (const float bad : {std::numeric_limits<float>::infinity(), std::nanf("")}) {
    std::vector<float> row = row_of("uniform");
    row[77] = bad;
    std::string sentence;
    EXPECT_EQ(error_of(GetParam().name, row, &sentence), ErrorCode::kBadFile);
    EXPECT_NE(sentence.find(": weight 77 of a row is "), std::string::npos) << sentence;
  }
}

TEST_P(Encoder, RefusesWeightsBeyondItsScale) {
  std::vector<float> row = row_of("uniform");
  row[40] = 3e38f;
  row[41] = -3e38f;
  std::string sentence;
  EXPECT_EQ(error_of(GetParam().name, row, &sentence), ErrorCode::kBadShape);
  EXPECT_NE(sentence.find("need at most 65504"), std::string::npos) << sentence;
}

INSTANTIATE_TEST_SUITE_P(Quant, Encoder,
                         ::testing::Values(Case{"Q4_0", 15, false}, Case{"Q4_1", 15, true},
                                           Case{"Q5_0", 31, false}, Case{"Q5_1", 31, true},
                                           Case{"Q8_0", 254, false}),
                         [](const auto& tested) { return tested.param.name; });

TEST(ReadOnlyFormats, HaveNoEncoder) {
  EXPECT_EQ(format_named("IQ2_XXS").vtable().encode, nullptr);
  EXPECT_NE(format_named("Q8_0").vtable().encode, nullptr);
}

}  // namespace
}  // namespace wick::quant

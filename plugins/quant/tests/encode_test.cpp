// The formats that can be written: what they lose, and the weights that they refuse.
#include "tests/plain_rounding.h"
#include "tests/registered_formats.h"
#include "tests/rows.h"

#include <wick/error.h>

#include <gtest/gtest.h>

#include <limits>

namespace wick::quant {
namespace {

ErrorCode error_of(const RegisteredFormat& format, const std::vector<float>& row,
                   const std::vector<float>& importance, std::string* sentence) {
  try {
    format.encode(row, importance);
  } catch (const Error& e) {
    *sentence = e.what();
    return e.code();
  }
  return ErrorCode::kOk;
}

class Encoder : public ::testing::TestWithParam<std::string> {
 protected:
  const RegisteredFormat& format() const { return format_named(GetParam()); }
  std::vector<float> there_and_back(const std::vector<float>& row,
                                    const std::vector<float>& importance = {}) const {
    return format().decode(format().encode(row, importance));
  }
  bool searches() const { return GetParam() != "Q8_0"; }
};

TEST_P(Encoder, LosesNoMoreThanPlainRounding) {
  // Q8_0 chooses codes by the scale before it is rounded to f16, as other programs do: 2^-11 of 127
  // steps are a sixteenth of one, and on average less.
  const double share = searches() ? 1.0001 : 1.02;
  for (const std::string& shape : row_shapes()) {
    const std::vector<float> row = row_of(shape);
    const double plain = squared_error(rounded_plainly(format().storage(), row), row);
    // Where all else is exact, what remains is the rounding of a scale to f16: 2^-11 of a value.
    const double slack = std::ldexp(energy(row), -22);
    // A subnormal scale has steps so coarse that chance decides between them.
    const double coarse = shape == "tiny" ? 1.05 : 1;
    EXPECT_LE(squared_error(there_and_back(row), row), plain * share * coarse + slack) << shape;
  }
}

TEST_P(Encoder, LosesLessThanPlainRoundingOfManyNormalWeights) {
  const double share = searches() ? 0.99 : 1.02;
  const std::vector<float> row = row_of("normal", 5, 16 * 1280);
  const double plain = squared_error(rounded_plainly(format().storage(), row), row);
  EXPECT_LT(squared_error(there_and_back(row), row), share * plain);
}

TEST_P(Encoder, LosesNoMoreThanZerosWould) {
  for (const std::string& shape : row_shapes()) {
    const std::vector<float> row = row_of(shape);
    const std::vector<float> got = there_and_back(row);
    for (const float value : got) ASSERT_TRUE(std::isfinite(value)) << shape;
    EXPECT_LE(squared_error(got, row), energy(row)) << shape;
  }
}

TEST_P(Encoder, KeepsZerosZero) {
  for (const float value : there_and_back(row_of("zero"))) ASSERT_EQ(value, 0.0f);
}

TEST_P(Encoder, WritesTheSameBytesForARowAsForItsParts) {
  const std::vector<float> row = row_of("normal");
  std::vector<std::uint8_t> parts;
  for (auto from = row.begin(); from < row.end(); from += 256)
    for (const std::uint8_t byte : format().encode({from, from + 256})) parts.push_back(byte);
  EXPECT_EQ(format().encode(row), parts);
}

TEST_P(Encoder, LosesLessOfWhatIsImportant) {
  double with_sum = 0, without_sum = 0;
  for (std::uint64_t seed = 1; seed <= 64; ++seed) {
    const std::vector<float> row = row_of("normal", seed, 512);
    std::vector<float> importance(row.size());
    for (std::size_t i = 0; i < row.size(); ++i)  // 0.01 .. 100
      importance[i] = static_cast<float>(std::pow(10, 2 * random_unit(seed + 500, i)));
    const double with = squared_error(there_and_back(row, importance), row, importance);
    const double without = squared_error(there_and_back(row), row, importance);
    EXPECT_LE(with, without) << "seed " << seed;
    with_sum += with;
    without_sum += without;
  }
  if (searches()) {
    EXPECT_LT(with_sum, 0.99 * without_sum);
  }
}

TEST_P(Encoder, TakesEqualImportanceForNone) {
  const std::vector<float> row = row_of("normal");
  for (const float importance : {1.0f, 0.25f, 1e-20f, 1e20f})
    EXPECT_EQ(format().encode(row, std::vector<float>(row.size(), importance)),
              format().encode(row));
}

TEST_P(Encoder, FitsWeightsThatNobodyUses) {
  const std::vector<float> row = row_of("normal");
  EXPECT_LE(squared_error(there_and_back(row, std::vector<float>(row.size())), row),
            1.001 * squared_error(there_and_back(row), row));
}

TEST_P(Encoder, RefusesWeightsThatAreNotFinite) {
  const float infinity = std::numeric_limits<float>::infinity();
  for (const float bad : {infinity, -infinity, std::nanf("")}) {
    std::vector<float> row = row_of("normal");
    row[77] = bad;
    std::string sentence;
    EXPECT_EQ(error_of(format(), row, {}, &sentence), ErrorCode::kBadFile);
    EXPECT_NE(sentence.find(": weight 77 of a row is "), std::string::npos) << sentence;
  }
}

TEST_P(Encoder, RefusesImportanceThatIsNone) {
  const std::vector<float> row = row_of("normal");
  for (const float bad : {-1.0f, std::numeric_limits<float>::infinity(), std::nanf("")}) {
    std::vector<float> importance(row.size(), 1.0f);
    importance[78] = bad;
    std::string sentence;
    EXPECT_EQ(error_of(format(), row, importance, &sentence), ErrorCode::kBadArgument);
    EXPECT_NE(sentence.find(": the importance of weight 78 of a row is "), std::string::npos)
        << sentence;
  }
}

TEST_P(Encoder, RefusesWeightsBeyondItsScaleAndWritesNoInfinity) {
  for (const float large : {1e5f, 5e5f, 1e6f, 1e7f, 1e9f, 1e20f, 3.4e38f}) {
    for (const float other : {-large, large, 0.0f}) {
      std::vector<float> row = row_of("normal");
      row[40] = large;
      row[41] = other;
      std::string sentence;
      if (error_of(format(), row, {}, &sentence) == ErrorCode::kOk) {
        const std::vector<float> got = there_and_back(row);
        for (const float value : got) ASSERT_TRUE(std::isfinite(value)) << large;
        EXPECT_LT(squared_error(got, row), energy(row)) << large;
      } else {
        EXPECT_NE(sentence.find("need at most 65504"), std::string::npos) << sentence;
        EXPECT_NE(GetParam(), "MXFP4");
      }
    }
  }
  std::vector<float> row = row_of("normal");
  row[40] = 3e38f;
  row[41] = -3e38f;
  std::string sentence;
  EXPECT_EQ(error_of(format(), row, {}, &sentence),
            GetParam() == "MXFP4" ? ErrorCode::kOk : ErrorCode::kBadShape);
}

std::vector<std::string> writable_names() {
  std::vector<std::string> names;
  for (const RegisteredFormat& format : registered_formats())
    if (format.vtable().encode) names.push_back(format.name());
  return names;
}
INSTANTIATE_TEST_SUITE_P(Quant, Encoder, ::testing::ValuesIn(writable_names()),
                         [](const auto& tested) { return as_test_name(tested.param); });

TEST(WritableFormats, AreThese) {
  EXPECT_EQ(writable_names(), (std::vector<std::string>{
                                  "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q2_K", "Q3_K", "Q4_K",
                                  "Q5_K", "Q6_K", "IQ4_NL", "IQ4_XS", "MXFP4", "TQ1_0", "TQ2_0",
                                  "org.wick.nf4@1", "org.wick.nf4-dq@1", "org.wick.dynamic8@1"}));
}

TEST(TernaryFormats, KeepWeightsOfThreeValues) {
  for (const char* name : {"TQ1_0", "TQ2_0"}) {
    std::vector<float> row(1280);
    for (std::size_t i = 0; i < row.size(); ++i)
      row[i] = static_cast<float>(mixed(i) % 3) * 0.375f - 0.375f;
    const RegisteredFormat& format = format_named(name);
    EXPECT_EQ(format.decode(format.encode(row)), row) << name;
  }
}

}  // namespace
}  // namespace wick::quant

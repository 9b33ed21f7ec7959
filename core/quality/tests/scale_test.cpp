// Axes: every value inside, round ticks, and no division by an empty range.
#include "quality/scale.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace wick {
namespace {

std::vector<std::string> labels(const Scale& scale) {
  std::vector<std::string> out;
  for (const Tick& tick : scale.ticks()) out.push_back(tick.label);
  return out;
}

TEST(Scale, LinearEndsAtRoundTicks) {
  Scale scale = Scale::linear(1.3, 5.2, false);
  EXPECT_EQ(labels(scale), (std::vector<std::string>{"1", "2", "3", "4", "5", "6"}));
  scale.place(100, 200);
  EXPECT_NEAR(scale.at(1), 100, 1e-9);
  EXPECT_NEAR(scale.at(3.5), 150, 1e-9);
  EXPECT_NEAR(scale.at(6), 200, 1e-9);
}

TEST(Scale, LinearFromZero) {
  EXPECT_EQ(Scale::linear(3, 5.2, true).first(), 0);
}

TEST(Scale, LinearOfOneValueHasRoom) {
  for (const double value : {0.0, 7.0, -3.0, std::numeric_limits<double>::quiet_NaN()}) {
    Scale scale = Scale::linear(value, value, false);
    scale.place(0, 1);
    EXPECT_LT(scale.first(), scale.last());
    EXPECT_GE(scale.ticks().size(), 2U);
    EXPECT_LE(scale.ticks().size(), 10U);
  }
}

TEST(Scale, LogarithmicHasPowersOfTen) {
  Scale scale = Scale::logarithmic(3e-6, 0.02);
  EXPECT_EQ(labels(scale),
            (std::vector<std::string>{"1e-06", "1e-05", "0.0001", "0.001", "0.01", "0.1"}));
  scale.place(500, 0);
  EXPECT_NEAR(scale.at(1e-6), 500, 1e-9);
  EXPECT_NEAR(scale.at(1e-3), 200, 1e-6);
  EXPECT_NEAR(scale.at(0.1), 0, 1e-6);
}

TEST(Scale, LogarithmicOfASmallRangeSaysWhatLiesBetween) {
  EXPECT_EQ(labels(Scale::logarithmic(0.004, 0.005)),
            (std::vector<std::string>{"0.001", "0.002", "0.005", "0.01"}));
}

TEST(Scale, LogarithmicSkipsTicksOfAWideRange) {
  const Scale scale = Scale::logarithmic(1e-300, 1e300);
  EXPECT_LE(scale.ticks().size(), 8U);
  EXPECT_GE(scale.ticks().size(), 6U);
}

TEST(Scale, KeepsWhatIsOutsideAtTheEdge) {
  Scale scale = Scale::logarithmic(0.01, 1);
  scale.place(0, 10);
  EXPECT_EQ(scale.at(0), 0);
  EXPECT_EQ(scale.at(1e9), 10);
}

TEST(ShortNumber, HasThreeDigits) {
  EXPECT_EQ(short_number(0), "0");
  EXPECT_EQ(short_number(1), "1");
  EXPECT_EQ(short_number(0.5), "0.5");
  EXPECT_EQ(short_number(3.14159), "3.14");
  EXPECT_EQ(short_number(42.06), "42.1");
  EXPECT_EQ(short_number(100), "100");
  EXPECT_EQ(short_number(4096), "4096");
  EXPECT_EQ(short_number(0.00123456), "0.00123");
  EXPECT_EQ(short_number(1.2345e-7), "1.23e-07");
  EXPECT_EQ(short_number(std::numeric_limits<double>::quiet_NaN()), "not a number");
}

}  // namespace
}  // namespace wick

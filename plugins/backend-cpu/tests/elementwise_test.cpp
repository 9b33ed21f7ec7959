// Functions of one value, against the C library in f64.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "isa.h"

namespace wick::cpu {
namespace {

/// The distance in units in the last place of the f32 nearest to the truth.
double ulps(float got, double want) {
  const float nearest = static_cast<float>(want);
  const float next = std::nextafter(nearest, std::numeric_limits<float>::infinity());
  return std::fabs(static_cast<double>(got) - want) / static_cast<double>(next - nearest);
}

TEST(Exp, IsWithinTwoUnitsInTheLastPlace) {
  std::vector<float> x;
  for (float v = -87.3f; v < 88.7f; v += 0.0013f) x.push_back(v);
  std::vector<float> y(x.size());
  for (const Kernels& kernels : usable_kernels()) {
    kernels.elementwise->exp(x.data(), x.size(), y.data());
    double most = 0;
    for (std::size_t i = 0; i < x.size(); ++i)
      most = std::fmax(most, ulps(y[i], std::exp(static_cast<double>(x[i]))));
    EXPECT_LE(most, 2.0) << kernels.name;
  }
}

TEST(Exp, EndsInZeroAndInfinityAndKeepsNan) {
  const float infinity = std::numeric_limits<float>::infinity();
  const std::vector<float> x = {
      -infinity, -1e30f, -104.5f,  0.0f,
      89.0f,     1e30f,  infinity, std::numeric_limits<float>::quiet_NaN()};
  std::vector<float> y(x.size());
  for (const Kernels& kernels : usable_kernels()) {
    kernels.elementwise->exp(x.data(), x.size(), y.data());
    EXPECT_EQ(y[0], 0.0f);
    EXPECT_EQ(y[1], 0.0f);
    EXPECT_EQ(y[2], 0.0f);
    EXPECT_EQ(y[3], 1.0f);
    EXPECT_EQ(y[4], infinity);
    EXPECT_EQ(y[5], infinity);
    EXPECT_EQ(y[6], infinity);
    EXPECT_TRUE(std::isnan(y[7])) << kernels.name;
  }
}

TEST(Quantize, RoundsToTheNearestOf255Steps) {
  std::vector<float> x(70);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::sin(static_cast<float>(i)) * 3.0f;
  for (const Kernels& kernels : usable_kernels()) {
    std::vector<QuantUnit> units(3);
    kernels.matmul->quantize(x.data(), x.size(), units.data());
    for (std::size_t i = 0; i < 96; ++i) {
      const QuantUnit& unit = units[i / 32];
      const float want = i < x.size() ? x[i] : 0.0f;
      const float got = unit.scale * static_cast<float>(unit.values[i % 32]);
      EXPECT_LE(std::fabs(got - want), unit.scale * 0.5001f) << kernels.name << " " << i;
    }
    float sum = 0;
    for (std::size_t i = 0; i < 16; ++i) sum += static_cast<float>(units[0].values[i]);
    EXPECT_EQ(units[0].sums[0], units[0].scale * sum);
  }
}

TEST(Quantize, KeepsNanAndTakesZeros) {
  std::vector<float> x(32, 0.0f);
  QuantUnit unit;
  usable_kernels().back().matmul->quantize(x.data(), 32, &unit);
  EXPECT_EQ(unit.scale, 0.0f);
  EXPECT_EQ(unit.values[5], 0);
  x[9] = std::numeric_limits<float>::quiet_NaN();
  usable_kernels().back().matmul->quantize(x.data(), 32, &unit);
  EXPECT_TRUE(std::isnan(unit.scale));
}

}  // namespace
}  // namespace wick::cpu

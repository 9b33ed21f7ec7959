// Rows whose shapes have names, for the tests of the encoders.
#pragma once

#include "tests/random_blocks.h"

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace wick::quant {

/// -1 .. 1, the same everywhere.
inline double random_unit(std::uint64_t seed, std::size_t i) {
  return static_cast<double>(mixed((seed << 32) + i + 1) >> 11) / (1ull << 52) - 1;
}

inline float value_of(const std::string& shape, std::uint64_t seed, std::size_t i) {
  const double random = random_unit(seed, i);
  if (shape == "ramp") return static_cast<float>(i) / 64 - 1;
  if (shape == "outlier") return static_cast<float>(i % 32 == 5 ? -30 : random);
  if (shape == "offset") return static_cast<float>(100 + random);
  if (shape == "flat") return -0.25f;
  if (shape == "single") return i == 77 ? 0.5f : 0.0f;
  if (shape == "sparse") return static_cast<float>(i % 3 == 0 ? 0 : random);
  if (shape == "tiny") return static_cast<float>(random * 1e-6);
  if (shape == "subnormal") return static_cast<float>(random * 1e-40);
  if (shape == "wide")
    return static_cast<float>(random * std::pow(10, 4 - static_cast<int>(i) % 40));
  if (shape == "large") return static_cast<float>(random * 3e4);
  if (shape == "zero") return 0;
  // Nearly normal: the sum of four, with a deviation of 1.
  double sum = random;
  for (std::uint64_t k = 1; k < 4; ++k) sum += random_unit(seed + k * 1000, i);
  return static_cast<float>(sum * std::sqrt(3.0 / 4.0));
}
inline const std::vector<std::string>& row_shapes() {
  static const std::vector<std::string> kShapes = {"ramp",   "outlier", "offset", "flat",
                                                   "single", "sparse",  "tiny",   "subnormal",
                                                   "wide",   "large",   "zero",   "normal"};
  return kShapes;
}
inline std::vector<float> row_of(const std::string& shape, std::uint64_t seed = 1,
                                 std::size_t n = 1280) {
  std::vector<float> row(n);
  for (std::size_t i = 0; i < n; ++i) row[i] = value_of(shape, seed, i);
  return row;
}

/// Sum of weight * (a - b)^2; without weights all are 1.
inline double squared_error(const std::vector<float>& a, const std::vector<float>& b,
                            const std::vector<float>& weights = {}) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double rest = static_cast<double>(a[i]) - static_cast<double>(b[i]);
    sum += (weights.empty() ? 1.0 : static_cast<double>(weights[i])) * rest * rest;
  }
  return sum;
}
inline double energy(const std::vector<float>& a) {
  return squared_error(a, std::vector<float>(a.size()));
}

}  // namespace wick::quant

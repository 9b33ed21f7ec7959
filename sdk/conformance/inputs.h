// Inputs with names, the same on every machine: no generator or distribution of the standard
// library, whose numbers differ between libraries.
#pragma once

#include "conformance/reference/matrix.h"

#include <cmath>
#include <cstdint>
#include <string>

namespace wick::conformance {

/// SplitMix64 (Steele, Lea and Flood, 2014).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t bits() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(bits() % n); }
  double uniform() { return static_cast<double>(bits() >> 11) * 0x1p-53; }
  double normal() {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
    return radius * std::cos(2.0 * std::acos(-1.0) * uniform());
  }

 private:
  std::uint64_t state_;
};

/// A seed that follows from a case's name, so that cases can be run alone.
inline std::uint64_t seed_of(const std::string& name) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return hash;
}

enum class InputClass { kFlat, kRamp, kNormal, kOutlier, kZero };

inline const char* name_of(InputClass input) {
  static const char* const names[] = {"flat", "ramp", "normal", "outlier", "zero"};
  return names[static_cast<int>(input)];
}

constexpr InputClass kInputClasses[] = {InputClass::kFlat, InputClass::kRamp, InputClass::kNormal,
                                        InputClass::kOutlier, InputClass::kZero};

/// Values that f32 holds exactly.
///   flat     every value of a row the same
///   ramp     -1 to 1 along a row
///   normal   standard normal
///   outlier  normal, and about one value in 50 a hundred times larger
///   zero     zeros
inline reference::Matrix make_input(InputClass input, std::size_t n_rows, std::size_t width,
                                    Random& random) {
  reference::Matrix m(n_rows, width);
  for (std::size_t t = 0; t < n_rows; ++t) {
    const double level = random.normal();
    for (std::size_t i = 0; i < width; ++i) {
      double value = 0;
      if (input == InputClass::kFlat) value = level;
      if (input == InputClass::kRamp)
        value = 2.0 * static_cast<double>(i + 1) / static_cast<double>(width) - 1.0;
      if (input == InputClass::kNormal || input == InputClass::kOutlier) value = random.normal();
      if (input == InputClass::kOutlier && random.below(50) == 0) value *= 100.0;
      m.row(t)[i] = static_cast<double>(static_cast<float>(value));
    }
  }
  return m;
}

}  // namespace wick::conformance

// The table of the dynamic 8-bit type, made as its paper describes it: seven decades, each with
// twice as many even steps as the one below.
#pragma once

#include <array>

namespace wick::quant {

/// Ascending, 0 at 127: below and above it, the middles of 2^d even steps of each decade d from
/// 0.1 * 10^(d-6) to 10^(d-6), d in 0..6; and 1, which has no negative counterpart.
constexpr std::array<float, 256> dynamic8_values() {
  constexpr double kDecades[7] = {1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1};
  std::array<float, 256> values{};
  int n = 0;
  for (int decade = 0; decade < 7; ++decade) {
    const int n_steps = 1 << decade;
    for (int step = 0; step < n_steps; ++step, ++n) {
      const double middle = kDecades[decade] * (0.1 + 0.9 * (step + 0.5) / n_steps);
      values[static_cast<std::size_t>(128 + n)] = static_cast<float>(middle);
      values[static_cast<std::size_t>(126 - n)] = static_cast<float>(-middle);
    }
  }
  values[255] = 1;
  return values;
}

inline constexpr std::array<float, 256> kDynamic8Values = dynamic8_values();

}  // namespace wick::quant

// How the encoders of one-level formats choose scale and codes: the block's range sets the scale,
// each weight takes the nearest code. Rounding is done as GGUF's other writers do it, to the byte,
// so that importance weights change nothing here.
#pragma once

#include <cmath>
#include <cstdint>

namespace wick::quant {

struct Largest {
  float value = 0;  ///< with its sign; the first of equals
  float magnitude = 0;
};
inline Largest largest(const float* values, int n) noexcept {
  Largest found;
  for (int i = 0; i < n; ++i)
    if (std::fabs(values[i]) > found.magnitude) found = {values[i], std::fabs(values[i])};
  return found;
}

struct Range {
  float low, high;
};
inline Range range_of(const float* values, int n) noexcept {
  Range range{values[0], values[0]};
  for (int i = 1; i < n; ++i) {
    if (values[i] < range.low) range.low = values[i];
    if (values[i] > range.high) range.high = values[i];
  }
  return range;
}

/// 1 / scale; 0 where that is no number, for then the scale is 0 in f16 and codes do not matter.
inline float inverse_of(float scale) noexcept {
  const float inverse = 1.0f / scale;
  return std::isfinite(inverse) ? inverse : 0.0f;
}

/// shifted is the code plus one half, never below 0.
inline std::uint8_t round_down(float shifted, int top) noexcept {
  const int code = static_cast<int>(shifted);
  return static_cast<std::uint8_t>(code < top ? code : top);
}

}  // namespace wick::quant

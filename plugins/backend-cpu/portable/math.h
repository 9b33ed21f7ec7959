// Scalar functions that loops over them vectorize: exp and the small floating types. In an
// anonymous namespace, because each file that includes this is built for another CPU. Not for
// anything but portable/.
#pragma once

#include <stdint.h>

namespace wick::cpu {
namespace {

[[maybe_unused]] inline float from_bits(uint32_t bits) {
  return __builtin_bit_cast(float, bits);
}
[[maybe_unused]] inline uint32_t to_bits(float value) {
  return __builtin_bit_cast(uint32_t, value);
}

/// e^x within 2 units in the last place; 0 and infinity beyond the range; NaN stays NaN.
[[maybe_unused]] inline float exp_f32(float x) {
  x = x < -105.0f ? -105.0f : x;
  x = x > 89.0f ? 89.0f : x;
  constexpr float kShift = 12582912.0f;  // 1.5 * 2^23: adding it rounds to an integer
  const float shifted = x * 1.44269504088896341f + kShift;
  const float n = shifted - kShift;
  const uint32_t k = to_bits(shifted) - to_bits(kShift);
  // ln 2 in two parts; n * the first is exact.
  const float r = (x - n * 0.693359375f) - n * -2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  const float e = (p * (r * r) + r) + 1.0f;
  // 2^k in two factors, so that neither leaves the normal range.
  const uint32_t half = static_cast<uint32_t>(static_cast<int32_t>(k) >> 1);
  return e * from_bits((half + 127u) << 23) * from_bits((k - half + 127u) << 23);
}

[[maybe_unused]] inline float half_to_f32(uint16_t half) {
  const uint32_t sign = (half & 0x8000u) << 16;
  const uint32_t magnitude = (half & 0x7fffu) << 13;
  const float subnormal = from_bits(magnitude + (113u << 23)) - from_bits(113u << 23);
  const uint32_t normal =
      magnitude + (112u << 23) + (magnitude >= (0x7c00u << 13) ? 112u << 23 : 0u);
  const uint32_t mask = 0u - static_cast<uint32_t>(magnitude < (0x400u << 13));
  return from_bits(sign | (normal ^ ((to_bits(subnormal) ^ normal) & mask)));
}

[[maybe_unused]] inline float e8m0_value(uint8_t exponent) {
  const uint32_t normal = static_cast<uint32_t>(exponent) << 23;
  return from_bits(exponent == 0 ? 0x00400000u : exponent == 255 ? 0x7fc00000u : normal);
}

}  // namespace
}  // namespace wick::cpu

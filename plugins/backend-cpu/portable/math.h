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

/// a * b + c, in one rounding where the instruction set has that; see simd.h.
[[maybe_unused]] inline float multiply_add(float a, float b, float c) {
#if defined(__FMA__) || defined(__ARM_FEATURE_FMA)
  return __builtin_fmaf(a, b, c);
#else
  return a * b + c;
#endif
}

/// e^x within 2 units in the last place; 0 and infinity beyond the range; NaN stays NaN.
[[maybe_unused]] inline float exp_f32(float x) {
  x = x < -105.0f ? -105.0f : x;
  x = x > 89.0f ? 89.0f : x;
  constexpr float kShift = 12582912.0f;  // 1.5 * 2^23: adding it rounds to an integer
  const float shifted = multiply_add(x, 1.44269504088896341f, kShift);
  const float n = shifted - kShift;
  const uint32_t k = to_bits(shifted) - to_bits(kShift);
  // ln 2 in two parts; n * the first is exact.
  const float r = multiply_add(n, 2.12194440e-4f, multiply_add(n, -0.693359375f, x));
  float p = 1.9875691500e-4f;
  p = multiply_add(p, r, 1.3981999507e-3f);
  p = multiply_add(p, r, 8.3334519073e-3f);
  p = multiply_add(p, r, 4.1665795894e-2f);
  p = multiply_add(p, r, 1.6666665459e-1f);
  p = multiply_add(p, r, 5.0000001201e-1f);
  const float e = multiply_add(p, r * r, r) + 1.0f;
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

/// The nearest f16, ties to even; a NaN stays a quiet NaN.
[[maybe_unused]] inline uint16_t f32_to_half(float value) {
  const uint32_t bits = to_bits(value);
  const uint32_t sign = (bits >> 16) & 0x8000u, magnitude = bits & 0x7fffffffu;
  // Beside 0.5 the f32 step is that of subnormal f16: the adder does the rounding.
  const float small = from_bits(magnitude < (113u << 23) ? magnitude : 0u);
  const uint32_t subnormal = to_bits(small + 0.5f) - to_bits(0.5f);
  const uint32_t normal = (magnitude - (112u << 23) + 0xfffu + ((magnitude >> 13) & 1u)) >> 13;
  const uint32_t finite = magnitude < (113u << 23) ? subnormal : normal;
  const uint32_t nan = 0x7e00u | ((magnitude >> 13) & 0x3ffu);
  const uint32_t special = magnitude > 0x7f800000u ? nan : 0x7c00u;
  return static_cast<uint16_t>(sign | (magnitude < 0x477ff000u ? finite : special));
}

[[maybe_unused]] inline float e8m0_value(uint8_t exponent) {
  const uint32_t normal = static_cast<uint32_t>(exponent) << 23;
  return from_bits(exponent == 0 ? 0x00400000u : exponent == 255 ? 0x7fc00000u : normal);
}

}  // namespace
}  // namespace wick::cpu

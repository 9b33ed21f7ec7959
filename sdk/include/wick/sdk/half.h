// Exact conversions between f32 and the small floating types of weight files: f16, bf16, e8m0.
// Branch-free, so that loops over them vectorize on any CPU; not for arithmetic in those types.
#pragma once

#include <cstdint>

namespace wick {
inline namespace v1 {
namespace sdk {

constexpr float f32_from_bits(std::uint32_t bits) noexcept {
  return __builtin_bit_cast(float, bits);
}
constexpr std::uint32_t bits_from_f32(float value) noexcept {
  return __builtin_bit_cast(std::uint32_t, value);
}

/// condition ? yes : no, in arithmetic: gcc would branch around a floating-point operation, and a
/// branch keeps a loop from being vectorized.
constexpr std::uint32_t select_bits(bool condition, std::uint32_t yes, std::uint32_t no) noexcept {
  return no ^ ((yes ^ no) & (0u - static_cast<std::uint32_t>(condition)));
}

/// The value of an f16, exactly: subnormals, infinities and the payload of a NaN too.
constexpr float f16_to_f32(std::uint16_t half) noexcept {
  constexpr std::uint32_t kRebias = 112u << 23;  // the difference of the two exponent biases
  constexpr std::uint32_t kSmallestNormal = 113u << 23;
  const std::uint32_t sign = (half & 0x8000u) << 16;
  const std::uint32_t magnitude = (half & 0x7fffu) << 13;
  // A subnormal gets the exponent of the smallest normal and with it a leading one, which the
  // subtraction takes off again. No f32 subnormal is touched, so this holds with denormals off.
  const float subnormal =
      f32_from_bits(magnitude + kSmallestNormal) - f32_from_bits(kSmallestNormal);
  const std::uint32_t normal = magnitude + kRebias + (magnitude >= (0x7c00u << 13) ? kRebias : 0u);
  return f32_from_bits(sign |
                       select_bits(magnitude < (0x400u << 13), bits_from_f32(subnormal), normal));
}

/// The nearest f16, ties to even; beyond 65519.99 infinity; a NaN stays a (quiet) NaN.
constexpr std::uint16_t f32_to_f16(float value) noexcept {
  const std::uint32_t bits = bits_from_f32(value);
  const std::uint32_t sign = (bits >> 16) & 0x8000u;
  const std::uint32_t magnitude = bits & 0x7fffffffu;
  // Beside 0.5 the f32 step is 2^-24, that of subnormal f16: the adder does the rounding. Large
  // values are replaced before, so that nothing overflows.
  const float small = f32_from_bits(select_bits(magnitude < (113u << 23), magnitude, 0u));
  const std::uint32_t subnormal = bits_from_f32(small + 0.5f) - bits_from_f32(0.5f);
  const std::uint32_t normal = (magnitude - (112u << 23) + 0xfffu + ((magnitude >> 13) & 1u)) >> 13;
  const std::uint32_t nan = 0x7e00u | ((magnitude >> 13) & 0x3ffu);
  const std::uint32_t finite = select_bits(magnitude < (113u << 23), subnormal, normal);
  const std::uint32_t special = select_bits(magnitude > 0x7f800000u, nan, 0x7c00u);
  return static_cast<std::uint16_t>(sign | select_bits(magnitude < 0x477ff000u, finite, special));
}

constexpr float bf16_to_f32(std::uint16_t value) noexcept {
  return f32_from_bits(static_cast<std::uint32_t>(value) << 16);
}

/// The nearest bf16, ties to even; a NaN stays a (quiet) NaN.
constexpr std::uint16_t f32_to_bf16(float value) noexcept {
  const std::uint32_t bits = bits_from_f32(value);
  const bool is_nan = (bits & 0x7fffffffu) > 0x7f800000u;
  const std::uint32_t rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
  return static_cast<std::uint16_t>(is_nan ? (bits >> 16) | 0x40u : rounded);
}

/// 2^(exponent - 127), for 0 too (a subnormal f32); 255 is a NaN.
constexpr float e8m0_to_f32(std::uint8_t exponent) noexcept {
  const std::uint32_t normal = static_cast<std::uint32_t>(exponent) << 23;
  const std::uint32_t rest = exponent == 0 ? 0x00400000u : 0x7fc00000u;
  return f32_from_bits(exponent == 0 || exponent == 255 ? rest : normal);
}

/// The exact inverse, for values that e8m0 has; 255 (NaN) for any other value.
constexpr std::uint8_t f32_to_e8m0(float value) noexcept {
  const std::uint32_t bits = bits_from_f32(value);
  const bool is_power = (bits & 0x807fffffu) == 0 && bits != 0;
  return static_cast<std::uint8_t>(bits == 0x00400000u ? 0u : is_power ? bits >> 23 : 255u);
}

}  // namespace sdk
}  // namespace v1
}  // namespace wick

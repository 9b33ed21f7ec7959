// What the formats IQ1 to IQ3 share: grid points and signs turned into codes, eight in a 64-bit
// word.
#pragma once

#include "formats/code_bits.h"

#include <cstdint>
#include <cstring>

namespace wick::quant {

/// Codes 0..2 choose the magnitude, bit 2 the sign.
inline constexpr float kIq2Values[8] = {8, 25, 43, 0, -8, -25, -43, 0};
/// Codes 0..2 choose -8, 0 or 8, bit 2 whether 1 is added or taken off.
inline constexpr float kIq1Values[8] = {-7, 1, 9, 0, -9, -1, 7, 0};

/// A point of eight 2-bit codes, the first lowest, to one code a byte.
inline std::uint64_t eight_codes(std::uint16_t point) noexcept {
  std::uint64_t codes = point;
  codes = (codes | codes << 24) & 0x000000ff000000ffu;
  codes = (codes | codes << 12) & 0x000f000f000f000fu;
  return (codes | codes << 6) & 0x0303030303030303u;
}

/// Two points of four 4-bit codes.
inline std::uint64_t two_times_four_codes(std::uint16_t first, std::uint16_t second) noexcept {
  std::uint64_t codes = first | static_cast<std::uint64_t>(second) << 32;
  codes = (codes | codes << 8) & 0x00ff00ff00ff00ffu;
  return (codes | codes << 4) & 0x0f0f0f0f0f0f0f0fu;
}

/// The low 7 bits are signs; the eighth sign makes the number of minus signs even.
inline std::uint8_t even_signs(std::uint32_t word) noexcept {
  const std::uint32_t seven = word & 127;
  std::uint32_t parity = seven ^ seven >> 4;
  parity ^= parity >> 2;
  parity ^= parity >> 1;
  return static_cast<std::uint8_t>(seven | (parity & 1) << 7);
}

/// Bit 2 in all eight codes, or in none.
inline std::uint64_t shift_codes(int is_minus) noexcept {
  return is_minus ? 0x0404040404040404u : 0;
}

/// The multiplier 2s + 1.
inline std::int16_t odd_scale(std::uint32_t s) noexcept {
  return static_cast<std::int16_t>(2 * s + 1);
}

inline void store_codes(std::uint64_t eight, std::uint8_t* codes) noexcept {
  std::memcpy(codes, &eight, 8);
}

}  // namespace wick::quant

// The sub scales and sub mins of Q4_K and Q5_K: 8 of each, 6 bits each, in 12 bytes.
#pragma once

#include <cstdint>

namespace wick::quant {

/// Bytes 0..3 hold scales[0..3] and bytes 4..7 mins[0..3] in their low 6 bits, and in their high 2
/// bits the high bits of scales[4..7] and mins[4..7]. Bytes 8..11 hold the low nibbles of those.
inline void split_six_bit_pairs(const std::uint8_t* bytes, std::int16_t* __restrict scales,
                                std::int16_t* __restrict mins) noexcept {
  for (int i = 0; i < 4; ++i) {
    const int scale = bytes[i], min = bytes[4 + i], rest = bytes[8 + i];
    scales[i] = static_cast<std::int16_t>(scale & 63);
    mins[i] = static_cast<std::int16_t>(min & 63);
    scales[4 + i] = static_cast<std::int16_t>((rest & 15) | (scale >> 6) << 4);
    mins[4 + i] = static_cast<std::int16_t>(rest >> 4 | (min >> 6) << 4);
  }
}

/// The inverse.
inline void join_six_bit_pairs(const std::int16_t* scales, const std::int16_t* mins,
                               std::uint8_t* bytes) noexcept {
  for (int i = 0; i < 4; ++i) {
    bytes[i] = static_cast<std::uint8_t>(scales[i] | (scales[4 + i] >> 4) << 6);
    bytes[4 + i] = static_cast<std::uint8_t>(mins[i] | (mins[4 + i] >> 4) << 6);
    bytes[8 + i] = static_cast<std::uint8_t>((scales[4 + i] & 15) | (mins[4 + i] & 15) << 4);
  }
}

}  // namespace wick::quant

// Small codes in bytes, apart and together: nibbles, pairs of bits, planes of one bit. Loops
// without branches and of known length, because unpacking a model is bound by them.
#pragma once

#include <cstdint>
#include <cstring>

namespace wick::quant {

/// Low nibbles to codes[0 .. n), high nibbles to codes[n .. 2n).
template <int n>
void split_nibbles(const std::uint8_t* pairs, std::uint8_t* __restrict codes) noexcept {
  for (int i = 0; i < n; ++i) {
    codes[i] = pairs[i] & 15;
    codes[n + i] = pairs[i] >> 4;
  }
}

/// The inverse.
template <int n>
void join_nibbles(const std::uint8_t* codes, std::uint8_t* pairs) noexcept {
  for (int i = 0; i < n; ++i)
    pairs[i] = static_cast<std::uint8_t>((codes[i] & 15) | (codes[n + i] & 15) << 4);
}

/// Bits 2k and 2k+1 of each of 32 bytes to codes[32 * k + i].
inline void split_quads(const std::uint8_t* quads, std::uint8_t* __restrict codes) noexcept {
  for (int i = 0; i < 32; ++i) {
    codes[i] = quads[i] & 3;
    codes[32 + i] = quads[i] >> 2 & 3;
    codes[64 + i] = quads[i] >> 4 & 3;
    codes[96 + i] = quads[i] >> 6;
  }
}

/// The inverse.
inline void join_quads(const std::uint8_t* codes, std::uint8_t* quads) noexcept {
  for (int i = 0; i < 32; ++i)
    quads[i] = static_cast<std::uint8_t>((codes[i] & 3) | (codes[32 + i] & 3) << 2 |
                                         (codes[64 + i] & 3) << 4 | (codes[96 + i] & 3) << 6);
}

/// The bits of a byte, each as bit `place` of a byte of its own, the lowest first in memory.
inline std::uint64_t spread_bits(std::uint8_t bits, int place) noexcept {
  // A copy in every byte, of which byte k keeps bit k; adding 127 carries it to the top.
  const std::uint64_t kept = (bits * 0x0101010101010101u) & 0x8040201008040201u;
  return ((kept + 0x7f7f7f7f7f7f7f7fu) & 0x8080808080808080u) >> (7 - place);
}

/// Adds bit i of 32 to codes[i], as bit `place`.
inline void add_bits(const std::uint8_t* bits, int place, std::uint8_t* codes) noexcept {
  for (int i = 0; i < 4; ++i) {
    std::uint64_t eight;
    std::memcpy(&eight, codes + 8 * i, 8);
    eight |= spread_bits(bits[i], place);
    std::memcpy(codes + 8 * i, &eight, 8);
  }
}

/// Bit `place` of 32 codes to 4 bytes.
inline void join_bits(const std::uint8_t* codes, int place, std::uint8_t* bits) noexcept {
  for (int i = 0; i < 4; ++i) bits[i] = 0;
  for (int i = 0; i < 32; ++i)
    bits[i / 8] = static_cast<std::uint8_t>(bits[i / 8] | (codes[i] >> place & 1) << i % 8);
}

}  // namespace wick::quant

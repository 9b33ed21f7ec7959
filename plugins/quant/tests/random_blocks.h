// Bytes that any program can make again: the same as in generated/make_decoded_hashes.py.
#pragma once

#include <cstdint>
#include <cstring>
#include <vector>

namespace wick::quant {

/// The splitmix64 generator: a bijection that mixes all bits.
constexpr std::uint64_t mixed(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

inline std::vector<std::uint8_t> random_bytes(std::uint64_t seed, std::size_t n) {
  std::vector<std::uint8_t> bytes((n + 7) / 8 * 8);
  for (std::size_t i = 0; i < bytes.size() / 8; ++i) {
    const std::uint64_t eight = mixed((seed << 32) + (i + 1) * 0x9e3779b97f4a7c15u);
    std::memcpy(bytes.data() + 8 * i, &eight, 8);
  }
  bytes.resize(n);
  return bytes;
}

}  // namespace wick::quant

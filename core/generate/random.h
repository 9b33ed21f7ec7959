// The random numbers that sampling draws. Not for secrets.
#pragma once

#include <array>
#include <cstdint>

namespace wick {

/// xoshiro256** (Blackman and Vigna), its state filled from the seed by splitmix64. Integers and
/// one exact division: the same seed gives the same numbers everywhere, which std::distributions do
/// not.
class Random {
 public:
  explicit Random(std::uint64_t seed) noexcept;
  std::uint64_t next() noexcept;
  /// In [0, 1), a multiple of 2^-53.
  double uniform() noexcept { return static_cast<double>(next() >> 11) * 0x1p-53; }
  /// In [0, bound), bound at least 1; every value as likely as the others.
  std::uint64_t below(std::uint64_t bound) noexcept;

 private:
  std::array<std::uint64_t, 4> state_;
};

}  // namespace wick

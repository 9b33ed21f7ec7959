// How fast bytes go by, and how long the rest will take, for a progress bar.
#pragma once

#include <cstdint>
#include <string>

namespace wick::cli {

/// Of work whose bytes are known.
class ByteRate {
 public:
  explicit ByteRate(std::uint64_t n_bytes) : n_bytes_(n_bytes) {}

  /// "1.2 GiB of 2.3 GiB, 431.2 MiB/s, 0:12 left"; without a rate in the first moments.
  std::string text(double done, double seconds) const;

 private:
  std::uint64_t n_bytes_;
};

}  // namespace wick::cli

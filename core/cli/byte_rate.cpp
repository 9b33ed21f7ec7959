// See byte_rate.h.
#include "cli/byte_rate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/bytes_text.h"

namespace wick::cli {
namespace {

constexpr double kFirstMoments = 0.5;  // seconds, in which a rate says nothing yet
constexpr double kLongest = 360'000;   // 100 hours

/// "0:12", "1:05:30"
std::string clock_text(double seconds) {
  const auto all = static_cast<std::uint64_t>(std::ceil(std::min(seconds, kLongest)));
  if (all < 3600) return fmt::format("{}:{:02}", all / 60, all % 60);
  return fmt::format("{}:{:02}:{:02}", all / 3600, all / 60 % 60, all % 60);
}

}  // namespace

std::string ByteRate::text(double done, double seconds) const {
  const auto bytes = static_cast<std::uint64_t>(done * static_cast<double>(n_bytes_));
  std::string text = fmt::format("{} of {}", bytes_text(bytes), bytes_text(n_bytes_));
  if (seconds < kFirstMoments || bytes == 0) return text;
  const double rate = static_cast<double>(bytes) / seconds;
  const double left = static_cast<double>(n_bytes_ - std::min(bytes, n_bytes_)) / rate;
  return text + fmt::format(", {}/s, {} left", bytes_text(static_cast<std::uint64_t>(rate)),
                            clock_text(left));
}

}  // namespace wick::cli

// Redrawn only where the text changes, so that a fast loop costs nothing.
#include "cli/progress_bar.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace wick::cli {
namespace {

constexpr int kWidth = 30;
constexpr const char* kWipe = "\r\x1b[K";

}  // namespace

ProgressBar::ProgressBar() : is_terminal_(isatty(STDERR_FILENO) != 0) {}

void ProgressBar::show(std::string_view what, double done, std::string_view more) {
  if (!is_terminal_) return;
  done = std::clamp(done, 0.0, 1.0);
  const auto full = static_cast<std::size_t>(done * kWidth);
  std::string line = fmt::format("{} [{:<{}}] {:3.0f} %{}{}", what, std::string(full, '='), kWidth,
                                 done * 100, more.empty() ? "" : "  ", more);
  if (line == drawn_) return;
  drawn_ = std::move(line);
  fmt::print(stderr, "{}{}", kWipe, drawn_);
  std::fflush(stderr);
}

void ProgressBar::wipe() {
  if (drawn_.empty()) return;
  drawn_.clear();
  std::fputs(kWipe, stderr);
  std::fflush(stderr);
}

}  // namespace wick::cli

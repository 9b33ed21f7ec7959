// What the time of a plan's runs was spent on, as lines of text: for backends with the user's
// option "profile". Not for measuring it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace wick {
inline namespace v1 {
namespace sdk {

class ProfileTable {
 public:
  /// A step that ran once; `bytes` that it had to read.
  void add(const std::string& step, double seconds, double bytes) {
    Line& line = lines_[step];
    line.seconds += seconds;
    line.bytes += bytes;
    ++line.n_calls;
  }
  void add_run(std::uint32_t n_tokens) noexcept {
    ++n_runs_;
    n_tokens_ += n_tokens;
  }
  /// The longest first.
  std::vector<std::string> text(const char* backend) const {
    std::vector<std::pair<std::string, Line>> sorted(lines_.begin(), lines_.end());
    std::sort(sorted.begin(), sorted.end(),
              [](const auto& a, const auto& b) { return a.second.seconds > b.second.seconds; });
    double total = 0;
    for (const auto& [name, line] : sorted) total += line.seconds;
    std::vector<std::string> text;
    char row[256];
    std::snprintf(row, sizeof row, "%s: profile of %llu runs, %llu tokens, %.2f ms", backend,
                  static_cast<unsigned long long>(n_runs_),
                  static_cast<unsigned long long>(n_tokens_), total * 1e3);
    text.emplace_back(row);
    for (const auto& [name, line] : sorted) {
      std::snprintf(row, sizeof row, "%-44s %8llu calls %10.2f us each %6.1f%% %9.1f GB/s",
                    name.c_str(), static_cast<unsigned long long>(line.n_calls),
                    line.seconds / static_cast<double>(line.n_calls) * 1e6,
                    total > 0 ? 100 * line.seconds / total : 0.0,
                    line.seconds > 0 ? line.bytes / line.seconds * 1e-9 : 0.0);
      text.emplace_back(row);
    }
    return text;
  }

 private:
  struct Line {
    std::uint64_t n_calls = 0;
    double seconds = 0, bytes = 0;
  };
  std::map<std::string, Line> lines_;
  std::uint64_t n_runs_ = 0, n_tokens_ = 0;
};

}  // namespace sdk
}  // namespace v1
}  // namespace wick

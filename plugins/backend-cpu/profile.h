// What the time of a plan's runs was spent on, as thread 0 sees it: with the user's option
// "profile". Not for timing whole models.
#pragma once

#include <wick/sdk/host.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "layout.h"
#include "ops/step.h"

namespace wick::cpu {

/// Class and shape of a matrix: "u4g32s256m [2048, 8192]" has codes of 4 bits in groups of 32,
/// scales of 256 values, mins, 2048 rows and 8192 columns.
std::string weight_text(const Layout& layout);

class Profile {
 public:
  /// Steps of one op, weight class and shape are one line.
  explicit Profile(const std::vector<std::unique_ptr<Step>>& steps);

  /// By thread 0, in every run: begin; then, for each step, waited where a barrier is before it and
  /// ran when it is done; waited at the end.
  void begin(std::uint64_t n_tokens) noexcept;
  void ran(std::size_t step, const Work& work) noexcept;
  void waited() noexcept;

  /// A table, the longest first; nothing before the first run.
  std::vector<std::string> lines() const;

 private:
  using Clock = std::chrono::steady_clock;
  struct Line {
    std::string name;
    std::uint64_t n_calls = 0;
    double seconds = 0, waiting = 0;
    double weight_bytes = 0, multiply_adds = 0;
  };
  double since_mark() noexcept;

  std::vector<Line> lines_;
  std::vector<std::size_t> line_of_step_;
  std::size_t last_ = 0;  // the step that waiting counts for
  Clock::time_point mark_;
  std::uint64_t n_runs_ = 0, n_tokens_ = 0;
};

}  // namespace wick::cpu

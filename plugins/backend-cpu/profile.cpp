// See profile.h.
#include "profile.h"

#include <algorithm>
#include <cstdio>
#include <map>

namespace wick::cpu {
namespace {

std::string class_text(const Layout& layout) {
  switch (layout.element) {
    case Element::kVector:
    case Element::kF32:
      return "f32";
    case Element::kF16:
      return "f16";
    case Element::kBf16:
      return "bf16";
    case Element::kPacked:
      break;
  }
  const Packed& p = layout.packed;
  std::string text = "u" + std::to_string(p.plane_bits + p.high_bits);
  text += "g" + std::to_string(p.group_values);
  if (p.super_values > p.group_values) text += "s" + std::to_string(p.super_values);
  if (p.has_min) text += "m";
  return text;
}

template <class... Args>
std::string format(const char* pattern, Args... args) {
  char text[256];
  std::snprintf(text, sizeof text, pattern, args...);
  return text;
}

/// Blank where nothing was counted.
std::string rate(double count, double seconds) {
  return count > 0 && seconds > 0 ? format("%10.1f", count / seconds * 1e-9) : "";
}

}  // namespace

std::string weight_text(const Layout& layout) {
  return class_text(layout) + " [" + std::to_string(layout.n_rows) + ", " +
         std::to_string(layout.n_cols) + "]";
}

Profile::Profile(const std::vector<std::unique_ptr<Step>>& steps) {
  std::map<std::string, std::size_t> places;
  for (const auto& step : steps) {
    const std::string name = step->weight.empty() ? step->op : step->op + " " + step->weight;
    const auto [place, is_new] = places.try_emplace(name, lines_.size());
    if (is_new) lines_.push_back({name});
    line_of_step_.push_back(place->second);
  }
}

double Profile::since_mark() noexcept {
  const Clock::time_point before = mark_;
  mark_ = Clock::now();
  return std::chrono::duration<double>(mark_ - before).count();
}

void Profile::begin(std::uint64_t n_tokens) noexcept {
  ++n_runs_;
  n_tokens_ += n_tokens;
  mark_ = Clock::now();
}

void Profile::ran(std::size_t step, const Work& work) noexcept {
  last_ = step;
  Line& line = lines_[line_of_step_[step]];
  line.seconds += since_mark();
  ++line.n_calls;
  line.weight_bytes += static_cast<double>(work.weight_bytes);
  line.multiply_adds += static_cast<double>(work.multiply_adds);
}

void Profile::waited() noexcept {
  if (!lines_.empty()) lines_[line_of_step_[last_]].waiting += since_mark();
}

std::vector<std::string> Profile::lines() const {
  if (n_runs_ == 0) return {};
  std::vector<Line> sorted = lines_;
  std::sort(sorted.begin(), sorted.end(), [](const Line& a, const Line& b) {
    return a.seconds + a.waiting > b.seconds + b.waiting;
  });
  double total = 0;
  std::size_t width = 2;
  for (const Line& line : sorted) {
    total += line.seconds + line.waiting;
    width = std::max(width, line.name.size());
  }
  const int columns = static_cast<int>(std::min<std::size_t>(width, 80));
  std::vector<std::string> text;
  text.push_back(format("cpu: profile of %llu runs, %llu tokens, %.1f ms",
                        static_cast<unsigned long long>(n_runs_),
                        static_cast<unsigned long long>(n_tokens_), total * 1e3));
  text.push_back(format("%-*s %8s %10s %10s %7s %10s %10s", columns, "op", "calls", "ms",
                        "waiting ms", "share", "GB/s", "Gmadd/s"));
  for (const Line& line : sorted) {
    const double seconds = line.seconds + line.waiting;
    text.push_back(format("%-*s %8llu %10.2f %10.2f %6.1f%% %10s %10s", columns, line.name.c_str(),
                          static_cast<unsigned long long>(line.n_calls), line.seconds * 1e3,
                          line.waiting * 1e3, total > 0 ? 100 * seconds / total : 0.0,
                          rate(line.weight_bytes, seconds).c_str(),
                          rate(line.multiply_adds, seconds).c_str()));
  }
  return text;
}

}  // namespace wick::cpu

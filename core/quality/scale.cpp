// See scale.h.
#include "quality/scale.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace wick {
namespace {

constexpr int kMostSteps = 6;

/// 1, 2 or 5 times a power of ten, such that at most kMostSteps make up the span.
double step_of(double span) {
  const double raw = span / kMostSteps;
  const double power = std::pow(10.0, std::floor(std::log10(raw)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (power * factor >= raw) return power * factor;
  return power * 10;
}

}  // namespace

Scale Scale::linear(double least, double most, bool includes_zero) {
  if (includes_zero) least = std::min(least, 0.0), most = std::max(most, 0.0);
  if (!(most > least)) {  // one value, or none that is a number
    const double room = std::isfinite(most) && most != 0 ? std::abs(most) / 2 : 1;
    least = std::isfinite(most) ? most - (includes_zero ? 0 : room) : 0;
    most = least + 2 * room;
  }
  Scale scale;
  const double step = step_of(most - least);
  const double first = std::floor(least / step), last = std::ceil(most / step);
  scale.first_ = first * step;
  scale.last_ = last * step;
  for (double i = first; i <= last; ++i) scale.ticks_.push_back({i * step, short_number(i * step)});
  return scale;
}

Scale Scale::logarithmic(double least, double most) {
  Scale scale;
  scale.is_logarithmic_ = true;
  const double first = std::floor(std::log10(least)), end = std::ceil(std::log10(most));
  const double last = std::max(end, first + 1);
  scale.first_ = std::pow(10.0, first);
  scale.last_ = std::pow(10.0, last);
  const double step = std::max(1.0, std::ceil((last - first) / kMostSteps));
  for (double power = first; power <= last; power += step) {
    const double value = std::pow(10.0, power);
    scale.ticks_.push_back({value, short_number(value)});
    // One power of ten or two say little of what lies between.
    if (last - first > 2 || power == last) continue;
    for (const double factor : {2.0, 5.0})
      scale.ticks_.push_back({factor * value, short_number(factor * value)});
  }
  return scale;
}

double Scale::at(double value) const noexcept {
  const auto part = [&] {
    if (!is_logarithmic_) return (value - first_) / (last_ - first_);
    return std::log(std::max(value, first_) / first_) / std::log(last_ / first_);
  }();
  return begin_ + std::clamp(part, 0.0, 1.0) * (end_ - begin_);
}

std::string short_number(double value) {
  if (!std::isfinite(value)) return "not a number";
  const double size = std::abs(value);
  if (size == 0) return "0";
  if (size < 1e-4 || size >= 1e7) return fmt::format("{:.3g}", value);
  if (size >= 1000) return fmt::format("{:.0f}", value);
  // As many places as three digits take, less the zeros behind.
  const int places = std::max(0, 2 - static_cast<int>(std::floor(std::log10(size))));
  std::string text = fmt::format("{:.{}f}", value, places);
  if (text.find('.') == std::string::npos) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

}  // namespace wick

// The axes of charts: where a value stands, and which values get a tick.
#pragma once

#include <string>
#include <vector>

namespace wick {

struct Tick {
  double value = 0;
  std::string label;
};

/// Maps [first, last] to places; linear, or by powers of ten.
class Scale {
 public:
  /// A range of values such that all fit, its ends at ticks; `includes_zero`: from 0 on.
  static Scale linear(double least, double most, bool includes_zero);
  /// least: above 0.
  static Scale logarithmic(double least, double most);

  /// Where the range begins and ends in the picture; end may be before begin.
  void place(double begin, double end) noexcept { begin_ = begin, end_ = end; }
  double at(double value) const noexcept;
  bool is_logarithmic() const noexcept { return is_logarithmic_; }
  double first() const noexcept { return first_; }
  double last() const noexcept { return last_; }
  const std::vector<Tick>& ticks() const noexcept { return ticks_; }

 private:
  double first_ = 0, last_ = 1, begin_ = 0, end_ = 1;
  bool is_logarithmic_ = false;
  std::vector<Tick> ticks_;
};

/// "0.0012", "1.2e-07", "35": three digits, for people.
std::string short_number(double value);

}  // namespace wick

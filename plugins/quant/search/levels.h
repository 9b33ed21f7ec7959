// What a scale multiplies: even steps, or a table. Both know the nearest level of a value that was
// divided by the scale, and its code.
#pragma once

#include "search/lanes.h"

#include <wick/abi/storage.h>

namespace wick::quant {
namespace {

/// Whole numbers from low to high.
class Steps {
 public:
  /// The places that a search tries for the largest value, in levels beyond the last.
  static constexpr float kGridFrom = -0.75f, kGridStep = 0.25f;

  explicit Steps(const wick_storage_class& c)
      : zero_point_(static_cast<float>(c.zero_point)),
        low_(-zero_point_),
        high_(static_cast<float>((1 << c.code_bits) - 1) - zero_point_) {
    // A fourth level beside -1, 0 and 1 is left out: the models of these types have three values.
    if (c.code_bits == 2 && c.zero_point == 1) high_ = 1;
  }
  Floats nearest(Floats value) const { return rounded(within(value, low_, high_)); }
  void codes(Floats value, uint8_t* out) const {
    const Floats shifted = nearest(value) + zero_point_;
    for (int lane = 0; lane < kLanes; ++lane) out[lane] = static_cast<uint8_t>(shifted[lane]);
  }
  float low() const { return low_; }
  float high() const { return high_; }
  float step() const { return 1; }

 private:
  float zero_point_, low_, high_;
};

/// The values of a table of up to 16, in any order.
class Table {
 public:
  static constexpr float kGridFrom = -0.6f, kGridStep = 0.3f;

  explicit Table(const wick_storage_class& c) : n_(1 << c.code_bits) {
    for (int i = 0; i < n_; ++i) order_[i] = static_cast<uint8_t>(i);
    for (int i = 1; i < n_; ++i)
      for (int k = i; k > 0 && c.table[order_[k]] < c.table[order_[k - 1]]; --k) {
        const uint8_t moved = order_[k];
        order_[k] = order_[k - 1];
        order_[k - 1] = moved;
      }
    for (int i = 0; i < 16; ++i) sorted_[i] = c.table[order_[i < n_ ? i : n_ - 1]];
    for (int i = 0; i < 16; ++i)
      middle_[i] = i + 1 < n_ ? (sorted_[i] + sorted_[i + 1]) / 2 : kNeverReached;
  }
  Floats nearest(Floats value) const { return looked_up(sorted_, rank(value)); }
  void codes(Floats value, uint8_t* out) const {
    const Ints ranks = rank(value);
    for (int lane = 0; lane < kLanes; ++lane) out[lane] = order_[ranks[lane]];
  }
  float low() const { return sorted_[0]; }
  float high() const { return sorted_[n_ - 1]; }
  float step() const { return sorted_[n_ - 1] - sorted_[n_ - 2]; }

 private:
  static constexpr float kNeverReached = 3.4e38f;

  /// How many middles lie below the value: by halving, or counted where looking up is slow.
  Ints rank(Floats value) const {
    Ints found{};
    if constexpr (kHasLookup) {
      found = (value > middle_[7]) & 8;
      for (const int step : {4, 2, 1})
        found += (value > looked_up(middle_, found + (step - 1))) & step;
    } else {
      for (int i = 0; i < n_ - 1; ++i) found -= value > middle_[i];
    }
    return found;
  }

  int n_;
  uint8_t order_[16] = {};
  alignas(64) float sorted_[16] = {};
  alignas(64) float middle_[16] = {};
};

}  // namespace
}  // namespace wick::quant

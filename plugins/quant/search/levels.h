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

/// The values of a table, in any order.
class Table {
 public:
  static constexpr float kGridFrom = -0.6f,
                         kGridStep = 0.36f;  // coarser: the levels are further apart

  explicit Table(const wick_storage_class& c) : n_(1 << c.code_bits) {
    for (int i = 0; i < n_; ++i) order_[i] = static_cast<uint8_t>(i);
    for (int i = 1; i < n_; ++i)
      for (int k = i; k > 0 && c.table[order_[k]] < c.table[order_[k - 1]]; --k) {
        const uint8_t moved = order_[k];
        order_[k] = order_[k - 1];
        order_[k - 1] = moved;
      }
    for (int i = 0; i < n_; ++i) sorted_[i] = c.table[order_[i]];
    for (int i = 0; i + 1 < n_; ++i) {
      middle_[i] = (sorted_[i] + sorted_[i + 1]) / 2;
      gap_[i] = sorted_[i + 1] - sorted_[i];
    }
  }
  Floats nearest(Floats value) const {
    Floats level = splat(sorted_[0]);
    for (int i = 0; i < n_ - 1; ++i)
      level += floats_of((value > middle_[i]) & bits_of(splat(gap_[i])));
    return level;
  }
  void codes(Floats value, uint8_t* out) const {
    Ints rank{};
    for (int i = 0; i < n_ - 1; ++i) rank -= value > middle_[i];
    for (int lane = 0; lane < kLanes; ++lane) out[lane] = order_[rank[lane]];
  }
  float low() const { return sorted_[0]; }
  float high() const { return sorted_[n_ - 1]; }
  float step() const { return gap_[n_ - 2]; }

 private:
  int n_;
  uint8_t order_[16] = {};
  float sorted_[16] = {}, middle_[16] = {}, gap_[16] = {};
};

}  // namespace
}  // namespace wick::quant

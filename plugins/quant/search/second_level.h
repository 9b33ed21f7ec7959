// The second level: a step for a block, of which each group's scale (or min) is a whole multiple.
#pragma once

#include "search/panel.h"

namespace wick::quant {
namespace {

/// Scales or mins that groups want, and how much a squared difference costs each.
struct Wanted {
  float values[kGroupsAtOnce];
  float costs[kGroupsAtOnce];
};
/// Of sub scales or sub mins.
struct SubRange {
  float low, high;
};
inline SubRange sub_range(int32_t low, uint32_t bits) {
  return {static_cast<float>(low), static_cast<float>(low + (1 << bits) - 1)};
}

/// Multiples at which the largest wanted value is tried, whole ones among them, from both ends of
/// the range.
inline void fill_places(SubRange range, float* places) {
  for (int i = 0; i < 16; ++i) {
    const float inward = static_cast<float>(range.low < 0 ? i / 2 : i) * 0.25f - 0.25f;
    places[i] = range.low < 0 && i % 2 == 0 ? range.low + inward : range.high - inward;
  }
}

/// The step, as f16 stores it, whose multiples cost least for one block: 16 steps side by side.
inline float best_step(const Panel& panel, int block, const Wanted& wanted, SubRange range) {
  const int n = panel.lanes_per_block, from = block * n;
  float largest = 0;
  for (int i = from; i < from + n; ++i)
    if (__builtin_fabsf(wanted.values[i]) > __builtin_fabsf(largest)) largest = wanted.values[i];
  alignas(64) float places[16], steps[16], costs[16];
  fill_places(range, places);
  for (int first = 0; first < 16; first += kLanes) {
    const Floats step =
        nearest_f16_scale(splat(largest) / load(places + first) * panel.unit[from]) *
        panel.per_unit[from];
    const Floats inverse = quotient(splat(1.0f), step);
    Floats cost{};
    for (int i = from; i < from + n; ++i) {
      const Floats multiple = rounded(within(wanted.values[i] * inverse, range.low, range.high));
      const Floats rest = wanted.values[i] - step * multiple;
      cost += wanted.costs[i] * rest * rest;
    }
    store(steps + first, step);
    store(costs + first, cost);
  }
  int best = 0;
  for (int i = 1; i < 16; ++i)
    if (costs[i] < costs[best]) best = i;
  return steps[best];
}

/// One number for each lane of a block.
inline void spread(const Panel& panel, int block, float value, float* lanes) {
  for (int i = 0; i < panel.lanes_per_block; ++i) lanes[block * panel.lanes_per_block + i] = value;
}
inline float total(const Panel& panel, int block, const float* lanes) {
  float sum = 0;
  for (int i = 0; i < panel.lanes_per_block; ++i) sum += lanes[block * panel.lanes_per_block + i];
  return sum;
}
inline float nearest_f16_scale(float value) {
  return quant::nearest_f16_scale(splat(value))[0];
}

}  // namespace
}  // namespace wick::quant

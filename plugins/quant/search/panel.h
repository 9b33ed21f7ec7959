// The values of up to 16 groups side by side, one group to a lane, so that every group's search
// takes the same steps at once and no sum crosses lanes.
#pragma once

#include "search/lanes.h"
#include "search/scale_search.h"

namespace wick::quant {
namespace {

struct Panel {
  int n_values = 0;         ///< of a group
  int n_lanes = 0;          ///< groups, rounded up to whole vectors; the rest are zeros
  int lanes_per_block = 0;  ///< groups of a block
  bool has_sign_choice = false;
  float unit[kGroupsAtOnce];      ///< what 1 stands for: a power of two, with the block's sign
  float per_unit[kGroupsAtOnce];  ///< 1 / unit
  alignas(64) float values[kMaxGroupValues * kGroupsAtOnce];  ///< in units; [n_values, 16]
  alignas(64) float weights[kMaxGroupValues * kGroupsAtOnce];

  Floats value(int i, int first) const { return load(values + i * kGroupsAtOnce + first); }
  Floats weight(int i, int first) const { return load(weights + i * kGroupsAtOnce + first); }
};

/// The power of two that brings the largest magnitude to 1 .. 2 (a subnormal one closer), so that
/// squares neither overflow nor vanish. Of its inverse, which is a float too.
inline float unit_of(const float* values, int n) {
  int32_t most = 0;
  for (int i = 0; i < n; ++i) {
    const int32_t size = __builtin_bit_cast(int32_t, values[i]) & 0x7fffffff;
    most = size > most ? size : most;
  }
  if (most == 0) return 1.0f;
  int32_t exponent = most >> 23;
  if (exponent < 1) exponent = 1;
  if (exponent > 253) exponent = 253;
  return __builtin_bit_cast(float, exponent << 23);
}

/// Mins are never negative where sub mins are not, so a group above zero wastes codes. Whether the
/// negated block wastes fewer.
inline bool is_better_negated(const float* values, int n_groups, int n_values) {
  float above = 0, below = 0;
  for (int group = 0; group < n_groups; ++group) {
    float low = values[group * n_values], high = low;
    for (int i = 1; i < n_values; ++i) {
      const float value = values[group * n_values + i];
      low = value < low ? value : low;
      high = value > high ? value : high;
    }
    if (low > above) above = low;
    if (-high > below) below = -high;
  }
  return above > below;
}

/// The weights of one block, up to 1 and never 0: a group that nobody uses is still fit.
inline void fill_weights(const float* importance, int n, float* weights) {
  float most = 0;
  for (int i = 0; i < n; ++i) most = importance[i] > most ? importance[i] : most;
  const float scale = most > 1e-30f ? 1.0f / most : 0.0f;
  for (int i = 0; i < n; ++i) {
    const float weight = importance[i] * scale;
    weights[i] = weight > 1e-6f ? weight : 1e-6f;
  }
}

inline void fill_block(const SearchTask& task, int block, Panel& panel) {
  const int n = static_cast<int>(task.storage->super_values), n_values = panel.n_values;
  const float* values = task.values + block * n;
  float unit = unit_of(values, n);
  if (panel.has_sign_choice && is_better_negated(values, panel.lanes_per_block, n_values))
    unit = -unit;
  const float per_unit = 1.0f / unit;
  alignas(64) float weights[kMaxGroupValues];
  if (task.importance) fill_weights(task.importance + block * n, n, weights);
  for (int group = 0; group < panel.lanes_per_block; ++group) {
    const int lane = block * panel.lanes_per_block + group;
    panel.unit[lane] = unit;
    panel.per_unit[lane] = per_unit;
    for (int i = 0; i < n_values; ++i)
      panel.values[i * kGroupsAtOnce + lane] = values[group * n_values + i] * per_unit;
    for (int i = 0; task.importance && i < n_values; ++i)
      panel.weights[i * kGroupsAtOnce + lane] = weights[group * n_values + i];
  }
}

inline void fill_panel(const SearchTask& task, Panel& panel) {
  const wick_storage_class& c = *task.storage;
  panel.n_values = static_cast<int>(c.group_values);
  panel.lanes_per_block = static_cast<int>(c.super_values / c.group_values);
  panel.has_sign_choice = c.has_min && c.sub_min_bits;
  const int used = task.n_blocks * panel.lanes_per_block;
  panel.n_lanes = (used + kLanes - 1) / kLanes * kLanes;
  for (int lane = used; lane < panel.n_lanes; ++lane) {
    panel.unit[lane] = panel.per_unit[lane] = 1.0f;
    for (int i = 0; i < panel.n_values; ++i) panel.values[i * kGroupsAtOnce + lane] = 0.0f;
  }
  if (!task.importance || used < panel.n_lanes)
    for (int i = 0; i < panel.n_values * kGroupsAtOnce; ++i) panel.weights[i] = 1.0f;
  for (int block = 0; block < task.n_blocks; ++block) fill_block(task, block, panel);
}

}  // namespace
}  // namespace wick::quant

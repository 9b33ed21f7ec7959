// What encoders are measured by: each group's range sets its scale (and min), and every value takes
// the nearest level. In double, without bytes, for any storage class.
#pragma once

#include "tests/registered_formats.h"

#include <wick/sdk/half.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace wick::quant {

struct PlainGroup {
  double scale = 0, min = 0;
};

inline std::vector<double> levels_of(const wick_storage_class& c) {
  std::vector<double> levels;
  for (int code = 0; code < 1 << c.code_bits; ++code)
    levels.push_back(c.table ? static_cast<double>(c.table[code]) : code - c.zero_point);
  std::sort(levels.begin(), levels.end());
  return levels;
}

inline double as_stored(const wick_storage_class& c, double scale) {
  if (c.scale_type == WICK_SCALE_E8M0)
    return scale == 0 ? 0 : std::exp2(std::clamp(std::ceil(std::log2(scale)), -127.0, 127.0));
  return static_cast<double>(sdk::f16_to_f32(sdk::f32_to_f16(static_cast<float>(scale))));
}

/// With a min from the lowest value (never above 0 where sub mins are not negative), else the
/// largest magnitude at the shorter end of the levels.
inline PlainGroup plain_group(const wick_storage_class& c, const float* values) {
  const auto [low, high] = std::minmax_element(values, values + c.group_values);
  const std::vector<double> levels = levels_of(c);
  if (!c.has_min)
    return {static_cast<double>(std::max(std::fabs(*low), std::fabs(*high))) /
                std::min(-levels.front(), levels.back()),
            0};
  const double lowest =
      c.sub_min_bits ? std::min(0.0, static_cast<double>(*low)) : static_cast<double>(*low);
  return {(static_cast<double>(*high) - lowest) / levels.back(), -lowest};
}

/// Second-level scales or mins: multiples of a step that the largest sets.
inline void round_to_multiples(const wick_storage_class& c, std::vector<PlainGroup>& groups,
                               double PlainGroup::*part, double top) {
  double most = 0;
  for (const PlainGroup& group : groups) most = std::max(most, std::fabs(group.*part));
  const double step = as_stored(c, most / top);
  for (PlainGroup& group : groups)
    group.*part = step == 0 ? 0 : std::min(std::round(group.*part / step), top) * step;
}

inline std::vector<float> rounded_plainly(const wick_storage_class& c,
                                          const std::vector<float>& row) {
  const std::vector<double> levels = levels_of(c);
  std::vector<float> out(row.size());
  for (std::size_t at = 0; at < row.size(); at += c.super_values) {
    std::vector<PlainGroup> groups;
    for (std::size_t i = at; i < at + c.super_values; i += c.group_values)
      groups.push_back(plain_group(c, &row[i]));
    const double top = c.sub_scale_bits ? c.sub_scale_low + (1 << c.sub_scale_bits) - 1 : 1;
    round_to_multiples(c, groups, &PlainGroup::scale, top);
    if (c.has_min) round_to_multiples(c, groups, &PlainGroup::min, top);
    for (std::size_t i = at; i < at + c.super_values; ++i) {
      const PlainGroup& group = groups[(i - at) / c.group_values];
      double nearest = group.scale * levels.front() - group.min;
      for (const double level : levels) {
        const double tried = group.scale * level - group.min;
        const double value = static_cast<double>(row[i]);
        if (std::fabs(tried - value) < std::fabs(nearest - value)) nearest = tried;
      }
      out[i] = static_cast<float>(nearest);
    }
  }
  return out;
}

}  // namespace wick::quant

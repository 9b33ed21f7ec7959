// The block-wise methods as their papers publish them, written for comparison alone: f32 scales
// from the largest magnitude, no search (QLoRA, arXiv 2305.14314; 8 bits, arXiv 2110.02861).
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

namespace wick::quant::published {

/// The table ascends.
inline float nearest(std::span<const float> table, float value) {
  const auto above = std::lower_bound(table.begin(), table.end(), value);
  if (above == table.begin()) return table.front();
  if (above == table.end()) return table.back();
  return *above - value < value - *(above - 1) ? *above : *(above - 1);
}

inline std::vector<float> scales_of(std::span<const float> values, std::size_t block) {
  std::vector<float> scales;
  for (std::size_t from = 0; from < values.size(); from += block) {
    float most = 0;
    for (std::size_t i = from; i < std::min(from + block, values.size()); ++i)
      most = std::max(most, std::fabs(values[i]));
    scales.push_back(most);
  }
  return scales;
}

/// Each value as the nearest of the table under its block's scale.
inline std::vector<float> rounded(std::span<const float> values, std::span<const float> table,
                                  std::size_t block, std::span<const float> scales) {
  std::vector<float> out(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const float scale = scales[i / block];
    out[i] = scale > 0 ? scale * nearest(table, values[i] / scale) : 0;
  }
  return out;
}

inline std::vector<float> blockwise(std::span<const float> values, std::span<const float> table,
                                    std::size_t block) {
  return rounded(values, table, block, scales_of(values, block));
}

/// QLoRA's: the scales less their mean over the tensor, in dynamic 8 bits of blocks of 256.
inline std::vector<float> doubly_quantized(std::span<const float> values,
                                           std::span<const float> table,
                                           std::span<const float> table_of_scales) {
  std::vector<float> scales = scales_of(values, 64);
  double sum = 0;
  for (const float scale : scales) sum += static_cast<double>(scale);
  const auto mean = static_cast<float>(sum / static_cast<double>(scales.size()));
  for (float& scale : scales) scale -= mean;
  scales = blockwise(scales, table_of_scales, 256);
  for (float& scale : scales) scale += mean;
  return rounded(values, table, 64, scales);
}

}  // namespace wick::quant::published

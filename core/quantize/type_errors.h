// What each type would lose of a tensor: measured by encoding rows of it, not guessed from bits.
#pragma once

#include <cstdint>
#include <vector>

#include "quantize/tensor_plan.h"

namespace wick {

/// Rows of a tensor, decoded, spread evenly over it (and so over its experts).
struct SampledRows {
  std::vector<float> values;             ///< [n, n_cols]
  std::vector<const float*> importance;  ///< of each row; null: none
  std::uint64_t n_cols = 0;
  double energy = 0;  ///< weighted squares, of all rows of the tensor as far as the sample tells
};

SampledRows sample_rows(const PlannedTensor& tensor);

/// Weighted squared error over weighted squares; infinity where the type cannot hold the values.
/// 0 for a tensor of zeros.
double relative_error(const SampledRows& rows, const WeightType& type);

}  // namespace wick

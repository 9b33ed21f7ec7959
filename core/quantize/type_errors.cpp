// See type_errors.h.
#include "quantize/type_errors.h"

#include <wick/error.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace wick {
namespace {

/// Enough for a relative error within a few hundredths of itself, and some milliseconds a type.
constexpr std::uint64_t kSampledValues = 1 << 16;

double weight(const float* importance, std::uint64_t i) noexcept {
  return importance ? static_cast<double>(importance[i]) : 1.0;
}

}  // namespace

SampledRows sample_rows(const PlannedTensor& tensor) {
  const std::uint64_t wanted = std::max<std::uint64_t>(1, kSampledValues / tensor.n_cols);
  const std::uint64_t n = std::min(wanted, tensor.n_rows);
  SampledRows rows;
  rows.n_cols = tensor.n_cols;
  rows.values.resize(n * tensor.n_cols);
  for (std::uint64_t i = 0; i < n; ++i) {
    const std::uint64_t row = (2 * i + 1) * tensor.n_rows / (2 * n);  // amid each of n parts
    float* to = rows.values.data() + i * tensor.n_cols;
    tensor.stored.decode(tensor.row(row), tensor.n_cols, to);
    rows.importance.push_back(tensor.row_importance(row));
    for (std::uint64_t col = 0; col < tensor.n_cols; ++col)
      rows.energy += weight(rows.importance.back(), col) * static_cast<double>(to[col]) * to[col];
  }
  rows.energy *= static_cast<double>(tensor.n_rows) / static_cast<double>(n);
  return rows;
}

double relative_error(const SampledRows& rows, const WeightType& type) {
  std::vector<std::byte> encoded(type.bytes(rows.n_cols));
  std::vector<float> again(rows.n_cols);
  double error = 0, energy = 0;
  for (std::size_t i = 0; i < rows.importance.size(); ++i) {
    const float* values = rows.values.data() + i * rows.n_cols;
    try {
      type.encode(values, rows.importance[i], rows.n_cols, encoded.data());
    } catch (const Error&) {
      // A format refuses what it cannot hold; another type will do.
      return std::numeric_limits<double>::infinity();
    }
    type.decode(encoded.data(), rows.n_cols, again.data());
    for (std::uint64_t col = 0; col < rows.n_cols; ++col) {
      const double w = weight(rows.importance[i], col), value = values[col];
      const double off = static_cast<double>(again[col]) - value;
      error += w * off * off;
      energy += w * value * value;
    }
  }
  if (!std::isfinite(error)) return std::numeric_limits<double>::infinity();
  return energy > 0 ? error / energy : 0;
}

}  // namespace wick

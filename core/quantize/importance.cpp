// See importance.h.
#include "quantize/importance.h"

#include <algorithm>
#include <numeric>

namespace wick {

std::vector<float> Importance::weights(const ColumnSums& sums) {
  constexpr double kLeast = 1e-4;
  std::vector<float> weights(sums.sums.size(), 1.0f);
  const std::uint64_t n_cols = sums.sums.size() / sums.n_matrices();
  for (std::uint64_t matrix = 0; matrix < sums.n_matrices(); ++matrix) {
    const float* from = sums.sums.data() + matrix * n_cols;
    const double count = static_cast<double>(sums.counts[matrix]);
    const double sum = std::accumulate(from, from + n_cols, 0.0);
    if (count <= 0 || sum <= 0) continue;
    const double least = kLeast * sum / static_cast<double>(n_cols);
    std::transform(from, from + n_cols, weights.data() + matrix * n_cols, [&](float square) {
      return static_cast<float>(std::max(static_cast<double>(square), least) / count);
    });
  }
  return weights;
}

}  // namespace wick

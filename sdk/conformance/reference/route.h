// route@1: which experts a token uses, and how much each counts. (Shazeer et al., 2017, arXiv
// 1701.06538; the bias: Wang et al., 2024, arXiv 2408.15664.)
#pragma once

#include "conformance/reference/matrix.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace wick::reference {

struct RouteParameters {
  std::int64_t n_used = 1;
  std::int64_t gating = 0;  ///< 0: softmax over all experts; 1: sigmoid of each
  std::int64_t normalize = 0;
  double epsilon = 0.0, scale = 1.0;
};

/// The probabilities of one row of scores.
inline Matrix gate(const double* scores, std::size_t n_experts, std::int64_t gating) {
  Matrix p(1, n_experts);
  const double peak = *std::max_element(scores, scores + n_experts);
  double sum = 0;
  for (std::size_t e = 0; e < n_experts; ++e) {
    p.values[e] = gating == 0 ? std::exp(scores[e] - peak) : 1.0 / (1.0 + std::exp(-scores[e]));
    sum += p.values[e];
  }
  if (gating == 0)
    for (double& value : p.values) value /= sum;
  return p;
}

/// scores [rows, n_experts], bias [n_experts] or null; returns [rows, 2 * n_used]: experts, then
/// their weights.
inline Matrix route(const Matrix& scores, const Matrix* bias, const RouteParameters& r) {
  const auto n_used = static_cast<std::size_t>(r.n_used);
  Matrix out(scores.n_rows, 2 * n_used);
  for (std::size_t t = 0; t < scores.n_rows; ++t) {
    const Matrix p = gate(scores.row(t), scores.width, r.gating);
    Matrix choice = p;
    for (std::size_t e = 0; e < scores.width && bias; ++e) choice.values[e] += bias->values[e];
    double sum = 0;
    for (std::size_t k = 0; k < n_used; ++k) {
      const auto best = std::max_element(choice.values.begin(), choice.values.end());
      const auto e = static_cast<std::size_t>(best - choice.values.begin());
      *best = -INFINITY;
      out.row(t)[k] = static_cast<double>(e);
      out.row(t)[n_used + k] = r.scale * p.values[e];
      sum += p.values[e];
    }
    for (std::size_t k = n_used; k < 2 * n_used && r.normalize; ++k)
      out.row(t)[k] /= r.epsilon + sum;
  }
  return out;
}

}  // namespace wick::reference

// How far the ops of a mixture of experts may be off. Notation: see tolerances.h.
#pragma once

#include "conformance/matmul_tolerance.h"
#include "conformance/reference/matmul_experts.h"
#include "conformance/reference/route.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace wick::conformance {

/// A product for every slot, each with the bounds of a matmul of its own.
inline Bounds matmul_experts_bounds(const reference::Matrix& x, const reference::Matrix& routes,
                                    const WeightTerms& w, std::size_t n_experts, bool precise) {
  const std::size_t n_used = routes.width / 2, n_out = w.values.n_rows / n_experts;
  Bounds all{{x.n_rows, n_used * n_out}, {}};
  if (!precise) all.sigma = all.worst;
  std::vector<WeightTerms> experts(n_experts);
  for (std::size_t e = 0; e < n_experts; ++e) {
    experts[e].values = reference::rows_of(w.values, e * n_out, n_out);
    experts[e].terms = reference::rows_of(w.terms, e * n_out, n_out);
    experts[e].apart = reference::rows_of(w.apart, e * n_out, n_out);
  }
  for (std::size_t t = 0; t < x.n_rows; ++t)
    for (std::size_t k = 0; k < n_used; ++k) {
      const WeightTerms& own = experts[static_cast<std::size_t>(routes.row(t)[k])];
      const Bounds one =
          matmul_bounds(reference::slot_input(x, t, k, w.values.width), own, precise);
      std::copy_n(one.worst.values.begin(), n_out, all.worst.row(t) + k * n_out);
      if (!precise) std::copy_n(one.sigma.values.begin(), n_out, all.sigma.row(t) + k * n_out);
    }
  return all;
}

/// n_used products, summed: `magnitudes` is the op over |y| and |weights|.
inline reference::Matrix combine_bounds(const reference::Matrix& magnitudes, std::size_t n_used) {
  const double relative = (static_cast<double>(n_used) + 1) * 0x1p-24;
  return reference::map(magnitudes, [=](double m) { return relative * m; });
}

/// A probability is off by a share `relative(e)` of itself: exp by its argument's rounding and a
/// few e, a softmax also by its sum. Experts are integers, and exact, unless two of the largest
/// n_used + 1 sums with the bias are closer than rounding (to zero, at the end) tells apart: then
/// the row may be anything finite. Equal inputs have equal sums everywhere: there the lower index
/// counts.
inline reference::Matrix route_bounds(const reference::Matrix& scores,
                                      const reference::Matrix* bias,
                                      const reference::RouteParameters& r, double function_loss) {
  constexpr double kE = 0x1p-24, kFlushed = 0x1p-126;
  const auto n_used = static_cast<std::size_t>(r.n_used);
  const std::size_t n = scores.width;
  reference::Matrix bound(scores.n_rows, 2 * n_used);
  auto ranked = r;
  ranked.n_used = static_cast<std::int64_t>(std::min(n_used + 1, n));
  const reference::Matrix ranks = reference::route(scores, bias, ranked);
  const reference::Matrix routes = reference::route(scores, bias, r);
  for (std::size_t t = 0; t < scores.n_rows; ++t) {
    const double* x = scores.row(t);
    const reference::Matrix p = reference::gate(x, n, r.gating);
    const double peak = *std::max_element(x, x + n);
    const auto relative = [&](std::size_t e) {
      const double argument = r.gating == 0 ? peak - x[e] : std::fabs(x[e]);
      return (argument + (r.gating == 0 ? 2.0 * static_cast<double>(n) : 0.0) + 8) * kE +
             2 * function_loss;
    };
    const auto sum_of = [&](std::size_t e) { return p.values[e] + (bias ? bias->values[e] : 0.0); };
    const auto blur = [&](std::size_t e) {
      return kFlushed + p.values[e] * relative(e) + kE * std::fabs(sum_of(e));
    };
    bool is_close = false;
    double worst = 0;
    for (std::size_t k = 0; k < n_used; ++k) {
      const auto a = static_cast<std::size_t>(ranks.row(t)[k]);
      worst = std::max(worst, relative(a));
      if (k + 1 >= ranks.width / 2) continue;
      const auto b = static_cast<std::size_t>(ranks.row(t)[k + 1]);
      const bool is_same = x[a] == x[b] && (!bias || bias->values[a] == bias->values[b]);
      is_close = is_close || (!is_same && sum_of(a) - sum_of(b) <= blur(a) + blur(b));
    }
    for (std::size_t k = 0; k < 2 * n_used; ++k) {
      const double weight = k < n_used ? 0.0 : std::fabs(routes.row(t)[k]);
      bound.row(t)[k] = is_close ? std::numeric_limits<double>::infinity()
                                 : weight * (2 * worst + (static_cast<double>(n_used) + 4) * kE);
    }
  }
  return bound;
}

}  // namespace wick::conformance

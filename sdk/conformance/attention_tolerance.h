// The bound of attention@1, see tolerances.h for the notation.
#pragma once

#include "conformance/reference/attention.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace wick::conformance {

/// One query head: how far its scores may be off, and its outputs by that.
///
/// A score is off by head_dim + 4 roundings of its products; keys that are held in f16, and a query
/// that is narrowed to it, add 2^-11 each, and 2^-25 a key where f16 is subnormal; a soft cap adds
/// the roundings of tanh. If every score is off by at most d, every weight of the softmax is off
/// by a factor of exp(2 d) at most. Then come the sum of the weights and that of the values: one
/// rounding a position each, 8 for exp; on a fast path 2^-16 for exp, and 2^-11 for each of weight
/// and value in f16.
class HeadBound {
 public:
  HeadBound(const reference::AttentionParameters& a, const reference::KvState& state, bool precise)
      : a_(a), state_(state), precise_(precise) {}

  void add(const double* q, std::size_t kv_head, std::uint32_t position, const wick_run& run,
           double* bounds) const {
    const auto value_dim = static_cast<std::size_t>(a_.value_dim);
    const std::uint32_t first = reference::first_seen(a_, position);
    const auto weights = reference::attention_weights(q, kv_head, position, a_, state_, run);
    double error = 0;
    for (std::uint32_t p = first; p <= position; ++p)
      error = std::max(error, score_error(q, kv_head, reference::kv_row(run, p)));
    const double n = static_cast<double>(weights.size());
    const double relative =
        std::expm1(2 * error) + (2 * n + 12) * 0x1p-24 + (precise_ ? 0.0 : 0x1p-16 + 0x1p-10);
    for (std::size_t s = 0; s < weights.size(); ++s) {
      const auto row = reference::kv_row(run, first + static_cast<std::uint32_t>(s));
      const double* value = state_.values.row(row) + kv_head * value_dim;
      for (std::size_t c = 0; c < value_dim; ++c)
        bounds[c] += relative * weights[s] * std::fabs(value[c]) +
                     (precise_ ? 0.0 : 0x1p-24 * (weights[s] + std::fabs(value[c])));
    }
  }

 private:
  double score_error(const double* q, std::size_t kv_head, std::size_t row) const {
    const auto head_dim = static_cast<std::size_t>(a_.head_dim);
    const double* k = state_.keys.row(row) + kv_head * head_dim;
    double products = 0, lengths = 0;
    for (std::size_t i = 0; i < head_dim; ++i) {
      products += std::fabs(q[i] * k[i]);
      lengths += std::fabs(q[i]);
    }
    const double relative =
        (static_cast<double>(head_dim) + 4) * 0x1p-24 + (precise_ ? 0.0 : 0x1p-10);
    const double small = precise_ ? 0.0 : lengths * 0x1p-25;
    return std::fabs(a_.scale) * (relative * products + small) + std::fabs(a_.softcap) * 0x1p-22;
  }

  const reference::AttentionParameters& a_;
  const reference::KvState& state_;
  bool precise_;
};

/// Of every output; `state` holds the keys and values of the batch already.
inline reference::Matrix attention_bound(const reference::Matrix& q,
                                         const reference::AttentionParameters& a,
                                         const reference::KvState& state, const wick_batch& batch,
                                         bool precise) {
  const auto head_dim = static_cast<std::size_t>(a.head_dim);
  const auto value_dim = static_cast<std::size_t>(a.value_dim);
  const auto n_heads = static_cast<std::size_t>(a.n_heads);
  reference::Matrix bound(q.n_rows, n_heads * value_dim);
  const HeadBound head_bound(a, state, precise);
  for (std::uint32_t r = 0; r < batch.n_runs; ++r)
    for (std::uint32_t i = 0; i < batch.runs[r].n_tokens; ++i)
      for (std::size_t head = 0; head < n_heads; ++head) {
        const std::size_t token = batch.runs[r].first_token + i;
        head_bound.add(q.row(token) + head * head_dim,
                       head / (n_heads / static_cast<std::size_t>(a.n_kv_heads)),
                       batch.runs[r].first_position + i, batch.runs[r],
                       bound.row(token) + head * value_dim);
      }
  return bound;
}

}  // namespace wick::conformance

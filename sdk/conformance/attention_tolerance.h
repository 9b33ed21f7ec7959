// The bound of attention@1, see tolerances.h for the notation.
#pragma once

#include "conformance/reference/attention.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace wick::conformance {

/// One query head: how far its scores may be off, and its outputs by that.
///
/// A score is off by head_dim + 4 roundings of its products; a soft cap adds the roundings of tanh.
/// If every score is off by at most d, every weight of the softmax is off by a factor of exp(2 d)
/// at most. Then come the sum of the weights and that of the values: one rounding a position each,
/// 8 for exp.
///
/// A fast path holds keys and values in f16, which adds 2^-11 of each, and 2^-25 where f16 is
/// subnormal, and 2^-16 for exp. Products of 16-bit factors may then be of bf16, which has 8 bits
/// where f16 has 11, because that is what CPUs multiply at twice the rate of f32: query, key,
/// weight and value are off by 2^-8 each. A weight counts twice: where rounded ones are summed, so
/// that the average stays one, all others may have gone the other way. Such products take
/// subnormals for zero: 2^-126 for each query, or sum of a score, times the key; the 2^-24 below
/// hold that of a weight and a value.
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
    const double relative = std::expm1(2 * error + (2 * n + 12) * 0x1p-24 +
                                       (precise_ ? 0.0 : 0x1p-16 + kFastValue + 2 * kNarrow));
    for (std::size_t s = 0; s < weights.size(); ++s) {
      const auto row = reference::kv_row(run, first + static_cast<std::uint32_t>(s));
      const double* value = state_.values.row(row) + kv_head * value_dim;
      for (std::size_t c = 0; c < value_dim; ++c)
        bounds[c] += relative * weights[s] * std::fabs(value[c]) +
                     (precise_ ? 0.0 : 0x1p-24 * (weights[s] + std::fabs(value[c])));
    }
  }

 private:
  static constexpr double kNarrow = 0x1p-8, kFastValue = 0x1p-11 + kNarrow;  ///< f16, then bf16

  double score_error(const double* q, std::size_t kv_head, std::size_t row) const {
    const auto head_dim = static_cast<std::size_t>(a_.head_dim);
    const double* k = state_.keys.row(row) + kv_head * head_dim;
    double products = 0, queries = 0, keys = 0;
    for (std::size_t i = 0; i < head_dim; ++i) {
      products += std::fabs(q[i] * k[i]);
      queries += std::fabs(q[i]);
      keys += std::fabs(k[i]);
    }
    const double n = static_cast<double>(head_dim);
    const double relative = (n + 4) * 0x1p-24 + (precise_ ? 0.0 : kFastValue + kNarrow);
    const double small =
        precise_ ? 0.0 : std::fabs(a_.scale) * queries * 0x1p-25 + (keys + n) * 0x1p-126;
    return std::fabs(a_.scale) * relative * products + small + std::fabs(a_.softcap) * 0x1p-22;
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

// attention@1: causal softmax attention over a block table (Vaswani et al., 2017, arXiv 1706.03762;
// grouped heads: Ainslie et al., 2023, arXiv 2305.13245; blocks: Kwon et al., 2023, arXiv
// 2309.06180).
#pragma once

#include "conformance/reference/matrix.h"

#include <wick/abi/graph.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace wick::reference {

struct AttentionParameters {
  std::int64_t n_heads = 0, n_kv_heads = 0, head_dim = 0, value_dim = 0;
  std::int64_t window = 0;  ///< positions p - window + 1 .. p are seen; 0: all up to p
  double scale = 1.0;
  double softcap = 0.0;  ///< scores become cap * tanh(score / cap); 0: they stay
};

/// Keys and values of every block: a block has WICK_BLOCK_TOKENS rows of each.
struct KvState {
  Matrix keys;    ///< [n_blocks * WICK_BLOCK_TOKENS, n_kv_heads * head_dim]
  Matrix values;  ///< [n_blocks * WICK_BLOCK_TOKENS, n_kv_heads * value_dim]
};

/// Where a position of a run lives: its row in the KvState.
inline std::size_t kv_row(const wick_run& run, std::uint32_t position) {
  return std::size_t{run.blocks[position / WICK_BLOCK_TOKENS]} * WICK_BLOCK_TOKENS +
         position % WICK_BLOCK_TOKENS;
}

/// The first position that position p sees.
inline std::uint32_t first_seen(const AttentionParameters& a, std::uint32_t p) {
  return a.window > 0 && p + 1 > a.window ? p + 1 - static_cast<std::uint32_t>(a.window) : 0;
}

/// Softmax of the scores of one query head over the positions that it sees.
inline std::vector<double> attention_weights(const double* q, std::size_t kv_head,
                                             std::uint32_t position, const AttentionParameters& a,
                                             const KvState& state, const wick_run& run) {
  const auto head_dim = static_cast<std::size_t>(a.head_dim);
  std::vector<double> weights;
  for (std::uint32_t p = first_seen(a, position); p <= position; ++p) {
    const double* k = state.keys.row(kv_row(run, p)) + kv_head * head_dim;
    double score = 0;
    for (std::size_t i = 0; i < head_dim; ++i) score += q[i] * k[i];
    score *= a.scale;
    if (a.softcap != 0.0) score = a.softcap * std::tanh(score / a.softcap);
    weights.push_back(score);
  }
  const double highest = *std::max_element(weights.begin(), weights.end());
  double sum = 0;
  for (double& weight : weights) sum += weight = std::exp(weight - highest);
  for (double& weight : weights) weight /= sum;
  return weights;
}

inline void store_keys_and_values(const Matrix& k, const Matrix& v, KvState& state,
                                  const wick_run& run) {
  for (std::uint32_t i = 0; i < run.n_tokens; ++i) {
    const std::size_t row = kv_row(run, run.first_position + i), token = run.first_token + i;
    std::copy(k.row(token), k.row(token) + k.width, state.keys.row(row));
    std::copy(v.row(token), v.row(token) + v.width, state.values.row(row));
  }
}

/// q [n_tokens, n_heads * head_dim], k [n_tokens, n_kv_heads * head_dim], v [n_tokens, n_kv_heads *
/// value_dim]; returns [n_tokens, n_heads * value_dim]. Writes k and v into the blocks of the runs.
inline Matrix attention(const Matrix& q, const Matrix& k, const Matrix& v,
                        const AttentionParameters& a, KvState& state, const wick_batch& batch) {
  const auto n_heads = static_cast<std::size_t>(a.n_heads);
  const auto head_dim = static_cast<std::size_t>(a.head_dim);
  const auto value_dim = static_cast<std::size_t>(a.value_dim);
  Matrix out(q.n_rows, n_heads * value_dim);
  for (std::uint32_t r = 0; r < batch.n_runs; ++r) {
    const wick_run& run = batch.runs[r];
    store_keys_and_values(k, v, state, run);
    for (std::uint32_t i = 0; i < run.n_tokens; ++i)
      for (std::size_t head = 0; head < n_heads; ++head) {
        const std::size_t kv_head = head / (n_heads / static_cast<std::size_t>(a.n_kv_heads));
        const std::uint32_t position = run.first_position + i;
        const std::size_t token = run.first_token + i;
        const auto weights =
            attention_weights(q.row(token) + head * head_dim, kv_head, position, a, state, run);
        double* y = out.row(token) + head * value_dim;
        for (std::size_t s = 0; s < weights.size(); ++s) {
          const auto seen = first_seen(a, position) + static_cast<std::uint32_t>(s);
          const double* value = state.values.row(kv_row(run, seen)) + kv_head * value_dim;
          for (std::size_t c = 0; c < value_dim; ++c) y[c] += weights[s] * value[c];
        }
      }
  }
  return out;
}

}  // namespace wick::reference

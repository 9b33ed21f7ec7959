// Causal attention over blocks of 32 positions with an online softmax: blocks in order of position,
// so that a result depends on the query's position alone. Included by one file per instruction set.
#pragma once

#include <math.h>

#include "portable/kernels.h"
#include "portable/simd.h"

namespace wick::cpu {
namespace {

constexpr float kMinusInfinity = -__builtin_inff();

/// What a query has seen so far: out = sum of weights * values, to be divided by `total`.
struct Query {
  const float* q;
  float* out;
  float* most;           ///< the largest score
  float* total;          ///< the sum of weights
  uint64_t first, last;  ///< positions that it sees
};

/// The part of a block that one query sees: tokens begin .. end of its 32.
struct Seen {
  uint32_t begin, end;
};

Seen seen_of(const Query& query, uint64_t block) {
  const uint64_t first = block * kBlockTokens;
  const uint64_t begin = query.first > first ? query.first - first : 0;
  const uint64_t end = query.last + 1 > first ? query.last + 1 - first : 0;
  const uint32_t clipped = static_cast<uint32_t>(end < kBlockTokens ? end : kBlockTokens);
  return {static_cast<uint32_t>(begin < clipped ? begin : clipped), clipped};
}

/// scores[t] = q . keys[:, t] in four partial sums over the dimensions, for two vectors of tokens.
void dot_keys(const float* q, const float* keys, uint32_t n, float* scores) {
  for (uint32_t t = 0; t < kBlockTokens; t += 2 * kLanes) {
    Floats parts[4][2] = {};
    uint32_t d = 0;
    for (; d + 4 <= n; d += 4) {
      WICK_UNROLL
      for (uint32_t k = 0; k < 4; ++k) {
        const float* row = keys + (d + k) * kBlockTokens + t;
        parts[k][0] += load<Floats>(row) * q[d + k];
        parts[k][1] += load<Floats>(row + kLanes) * q[d + k];
      }
    }
    for (; d < n; ++d) {
      const float* row = keys + d * kBlockTokens + t;
      parts[0][0] += load<Floats>(row) * q[d];
      parts[0][1] += load<Floats>(row + kLanes) * q[d];
    }
    for (uint32_t i = 0; i < 2; ++i)
      store(scores + t + i * kLanes, (parts[0][i] + parts[1][i]) + (parts[2][i] + parts[3][i]));
  }
}

/// out = out * keep + sum over the seen tokens of weights * values: kVectors vectors from dimension
/// d on.
template <unsigned kVectors>
inline void add_values(const float* weights, Seen seen, float keep, const float* values,
                       uint32_t value_dim, float* out) {
  Floats sums[kVectors];
  WICK_UNROLL
  for (unsigned i = 0; i < kVectors; ++i) sums[i] = load<Floats>(out + i * kLanes) * keep;
  for (uint32_t t = seen.begin; t < seen.end; ++t) {
    const float* row = values + uint64_t{t} * value_dim;
    WICK_UNROLL
    for (unsigned i = 0; i < kVectors; ++i) sums[i] += load<Floats>(row + i * kLanes) * weights[t];
  }
  WICK_UNROLL
  for (unsigned i = 0; i < kVectors; ++i) store(out + i * kLanes, sums[i]);
}

void add_all_values(const float* weights, Seen seen, float keep, const float* values, uint32_t n,
                    float* out) {
  uint32_t d = 0;
  for (; d + 4 * kLanes <= n; d += 4 * kLanes)
    add_values<4>(weights, seen, keep, values + d, n, out + d);
  for (; d + kLanes <= n; d += kLanes) add_values<1>(weights, seen, keep, values + d, n, out + d);
  for (; d < n; ++d) {
    float sum = out[d] * keep;
    for (uint32_t t = seen.begin; t < seen.end; ++t)
      sum += values[uint64_t{t} * n + d] * weights[t];
    out[d] = sum;
  }
}

/// Scores of the seen tokens, scaled and capped; minus infinity for the others.
void finish_scores(const AttentionShape& shape, Seen seen, float* scores) {
  for (uint32_t t = 0; t < kBlockTokens; ++t) scores[t] *= shape.scale;
  if (shape.softcap != 0.0f)
    for (uint32_t t = seen.begin; t < seen.end; ++t)
      scores[t] = shape.softcap * tanhf(scores[t] / shape.softcap);
  for (uint32_t t = 0; t < kBlockTokens; ++t)
    scores[t] = t >= seen.begin && t < seen.end ? scores[t] : kMinusInfinity;
}

float largest(const float* scores) {
  float most[kBlockTokens];
  for (uint32_t t = 0; t < kBlockTokens; ++t) most[t] = scores[t];
  for (uint32_t half = kBlockTokens / 2; half > 0; half /= 2)
    for (uint32_t t = 0; t < half; ++t)
      most[t] = most[t] > most[t + half] ? most[t] : most[t + half];
  return most[0];
}

float tree_sum(const float* values) {
  float part[kBlockTokens];
  for (uint32_t t = 0; t < kBlockTokens; ++t) part[t] = values[t];
  for (uint32_t half = kBlockTokens / 2; half > 0; half /= 2)
    for (uint32_t t = 0; t < half; ++t) part[t] += part[t + half];
  return part[0];
}

void attend_block(const AttentionShape& shape, const Query& query, Seen seen, const float* keys,
                  const float* values) {
  float scores[kBlockTokens];
  dot_keys(query.q, keys, shape.head_dim, scores);
  finish_scores(shape, seen, scores);
  const float block_most = largest(scores);
  const float most = *query.most > block_most ? *query.most : block_most;
  // Nothing but minus infinities so far: 0 keeps their differences from being NaN.
  const float base = most == kMinusInfinity ? 0.0f : most;
  const float keep = exp_f32(*query.most - base);
  for (uint32_t t = 0; t < kBlockTokens; ++t) scores[t] = exp_f32(scores[t] - base);
  for (uint32_t t = 0; t < kBlockTokens; ++t)
    scores[t] = t >= seen.begin && t < seen.end ? scores[t] : 0.0f;
  *query.total = *query.total * keep + tree_sum(scores);
  *query.most = most;
  add_all_values(scores, seen, keep, values, shape.value_dim, query.out);
}

/// n is a multiple of 32.
void widen(const uint16_t* from, uint64_t n, float* to) {
  for (uint64_t i = 0; i < n; ++i) to[i] = half_to_f32(from[i]);
}

struct BlockView {
  const float* keys;
  const float* values;
};

/// The block's keys and values in f32. The last block of a run may hold values of nobody behind its
/// last token: they are converted, but never used.
BlockView view_block(const AttentionTask& task, uint64_t block) {
  const AttentionShape& s = task.shape;
  const uint8_t* keys = task.state_blocks[task.blocks[block]] + task.keys_at;
  const uint8_t* values = task.state_blocks[task.blocks[block]] + task.values_at;
  if (!s.is_f16)
    return {reinterpret_cast<const float*>(keys), reinterpret_cast<const float*>(values)};
  float* wide_keys = task.scratch;
  float* wide_values = wide_keys + uint64_t{kBlockTokens} * s.head_dim;
  widen(reinterpret_cast<const uint16_t*>(keys), uint64_t{kBlockTokens} * s.head_dim, wide_keys);
  widen(reinterpret_cast<const uint16_t*>(values), uint64_t{kBlockTokens} * s.value_dim,
        wide_values);
  return {wide_keys, wide_values};
}

Query query_at(const AttentionTask& task, uint32_t token, uint32_t head) {
  const AttentionShape& s = task.shape;
  const uint64_t index = uint64_t{token} * s.n_queries_per_token + head;
  const uint64_t n_queries = uint64_t{task.n_tokens} * s.n_queries_per_token;
  float* sums = task.scratch + uint64_t{kBlockTokens} * (uint64_t{s.head_dim} + s.value_dim);
  const uint64_t position = task.first_position + token;
  const uint64_t first = s.window != 0 && position + 1 > s.window ? position + 1 - s.window : 0;
  return {task.q + token * task.q_stride + uint64_t{head} * s.head_dim,
          sums + 2 * n_queries + index * s.value_dim,
          sums + 2 * index,
          sums + 2 * index + 1,
          first,
          position};
}

void start(const AttentionTask& task) {
  for (uint32_t token = 0; token < task.n_tokens; ++token) {
    for (uint32_t head = 0; head < task.shape.n_queries_per_token; ++head) {
      const Query query = query_at(task, token, head);
      *query.most = kMinusInfinity;
      *query.total = 0.0f;
      for (uint32_t d = 0; d < task.shape.value_dim; ++d) query.out[d] = 0.0f;
    }
  }
}

void finish(const AttentionTask& task) {
  for (uint32_t token = 0; token < task.n_tokens; ++token) {
    for (uint32_t head = 0; head < task.shape.n_queries_per_token; ++head) {
      const Query query = query_at(task, token, head);
      const float factor = 1.0f / *query.total;
      float* y = task.y + token * task.y_stride + uint64_t{head} * task.shape.value_dim;
      for (uint32_t d = 0; d < task.shape.value_dim; ++d) y[d] = query.out[d] * factor;
    }
  }
}

void attend(const AttentionTask& task) {
  start(task);
  const uint64_t first = query_at(task, 0, 0).first / kBlockTokens;
  const uint64_t last = (task.first_position + task.n_tokens - 1) / kBlockTokens;
  for (uint64_t block = first; block <= last; ++block) {
    const BlockView view = view_block(task, block);
    for (uint32_t token = 0; token < task.n_tokens; ++token) {
      const Seen seen = seen_of(query_at(task, token, 0), block);
      if (seen.begin == seen.end) continue;
      for (uint32_t head = 0; head < task.shape.n_queries_per_token; ++head)
        attend_block(task.shape, query_at(task, token, head), seen, view.keys, view.values);
    }
  }
  finish(task);
}

constexpr AttentionKernels kAttention = {attend};

}  // namespace
}  // namespace wick::cpu

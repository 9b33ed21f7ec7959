// The products of attention in registers: several queries that share a block of keys and values.
// What is summed for a query, and in which order, does not depend on the others. Included by one
// file per instruction set.
#pragma once

#include "portable/attention_task.h"
#include "portable/floats.h"

namespace wick::cpu {
namespace {

/// Queries whose sums fit the registers, with two vectors each.
#if defined(__AVX512BW__) || defined(__aarch64__)
constexpr unsigned kMostQueries = 8;
#elif defined(__AVX2__)
constexpr unsigned kMostQueries = 6;
#else
constexpr unsigned kMostQueries = 4;
#endif

/// The part of a block that a query sees: tokens begin .. end of its 32.
struct Seen {
  uint32_t begin, end;
};

/// scores[i][t] = q[i] . keys[:, t], in order of the dimensions.
///
/// q       [n_dims][kQueries]
/// keys    [n_dims][32 tokens]     next: as many bytes that will be wanted soon
/// scores  [kQueries][32]
template <unsigned kQueries, class Element>
void dot_keys(const float* q, const Element* keys, const Element* next, uint32_t n_dims,
              float* scores) {
  for (uint32_t t = 0; t < kBlockTokens; t += 2 * kLanes) {
    Floats sums[kQueries][2] = {};
    for (uint32_t d = 0; d < n_dims; ++d) {
      const Element* row = keys + uint64_t{d} * kBlockTokens + t;
      const float* factors = q + uint64_t{d} * kQueries;
      __builtin_prefetch(next + uint64_t{d} * kBlockTokens + t);
      const Floats left = load_floats(row), right = load_floats(row + kLanes);
      WICK_UNROLL
      for (unsigned i = 0; i < kQueries; ++i) {
        const Floats factor = broadcast(factors[i]);
        sums[i][0] = multiply_add(left, factor, sums[i][0]);
        sums[i][1] = multiply_add(right, factor, sums[i][1]);
      }
    }
    WICK_UNROLL
    for (unsigned i = 0; i < kQueries; ++i) {
      store(scores + i * kBlockTokens + t, sums[i][0]);
      store(scores + i * kBlockTokens + t + kLanes, sums[i][1]);
    }
  }
}

/// out[i] += sum over tokens of weights[i][t] * values[t], for kVectors vectors of dimensions.
template <unsigned kQueries, unsigned kVectors, class Element>
inline void add_vectors(const float* weights, Seen seen, const Element* values, const Element* next,
                        uint32_t n_dims, float* out) {
  Floats sums[kQueries][kVectors];
  WICK_UNROLL
  for (unsigned i = 0; i < kQueries; ++i)
    for (unsigned v = 0; v < kVectors; ++v)
      sums[i][v] = load<Floats>(out + uint64_t{i} * n_dims + v * kLanes);
  for (uint32_t t = seen.begin; t < seen.end; ++t) {
    Floats row[kVectors];
    __builtin_prefetch(next + uint64_t{t} * n_dims);
    for (unsigned v = 0; v < kVectors; ++v)
      row[v] = load_floats(values + uint64_t{t} * n_dims + v * kLanes);
    WICK_UNROLL
    for (unsigned i = 0; i < kQueries; ++i) {
      const Floats weight = broadcast(weights[i * kBlockTokens + t]);
      for (unsigned v = 0; v < kVectors; ++v) sums[i][v] = multiply_add(row[v], weight, sums[i][v]);
    }
  }
  WICK_UNROLL
  for (unsigned i = 0; i < kQueries; ++i)
    for (unsigned v = 0; v < kVectors; ++v)
      store(out + uint64_t{i} * n_dims + v * kLanes, sums[i][v]);
}

inline float widened(float value) {
  return value;
}
inline float widened(uint16_t value) {
  return half_to_f32(value);
}

/// out[i] += sum over the seen tokens of weights[i][t] * values[t], in order of the tokens.
///
/// weights  [kQueries][32]
/// values   [32 tokens][n_dims]     next: as many bytes that will be wanted soon
/// out      [kQueries][n_dims]
template <unsigned kQueries, class Element>
void add_values(const float* weights, Seen seen, const Element* values, const Element* next,
                uint32_t n_dims, float* out) {
  uint32_t d = 0;
  for (; d + 2 * kLanes <= n_dims; d += 2 * kLanes)
    add_vectors<kQueries, 2>(weights, seen, values + d, next + d, n_dims, out + d);
  for (; d + kLanes <= n_dims; d += kLanes)
    add_vectors<kQueries, 1>(weights, seen, values + d, next + d, n_dims, out + d);
  for (; d < n_dims; ++d) {
    for (unsigned i = 0; i < kQueries; ++i) {
      float sum = out[uint64_t{i} * n_dims + d];
      for (uint32_t t = seen.begin; t < seen.end; ++t)
        sum = multiply_add(widened(values[uint64_t{t} * n_dims + d]), weights[i * kBlockTokens + t],
                           sum);
      out[uint64_t{i} * n_dims + d] = sum;
    }
  }
}

/// The same where every query sees a part of its own: what all see together, the rest one by one.
/// Values that a query does not see may be anything, infinities too.
template <unsigned kQueries, class Element>
void add_seen_values(const float* weights, const Seen* seen, const Element* values,
                     const Element* next, uint32_t n_dims, float* out) {
  Seen all = seen[0];
  for (unsigned i = 1; i < kQueries; ++i) {
    all.begin = seen[i].begin > all.begin ? seen[i].begin : all.begin;
    all.end = seen[i].end < all.end ? seen[i].end : all.end;
  }
  const auto add_one = [=](unsigned i, uint32_t begin, uint32_t end) {
    if (begin < end)
      add_values<1>(weights + i * kBlockTokens, {begin, end}, values, next, n_dims,
                    out + uint64_t{i} * n_dims);
  };
  if (all.begin >= all.end) {
    for (unsigned i = 0; i < kQueries; ++i) add_one(i, seen[i].begin, seen[i].end);
    return;
  }
  for (unsigned i = 0; i < kQueries; ++i) add_one(i, seen[i].begin, all.begin);
  add_values<kQueries>(weights, all, values, next, n_dims, out);
  for (unsigned i = 0; i < kQueries; ++i) add_one(i, all.end, seen[i].end);
}

}  // namespace
}  // namespace wick::cpu

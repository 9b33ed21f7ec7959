// The products of attention in pairs of bf16: two dimensions of a key, two tokens of a value. Every
// query goes through the same roundings and additions, whatever is computed beside it.
#pragma once

#include "portable/attention_queries.h"
#include "portable/bf16_pairs.h"

namespace wick::cpu {
namespace {

constexpr uint32_t kBlockPairs = kBlockTokens / 2;

/// scores[i][t] = q[i] . keys[:, t], in order of the pairs.
///
/// q       [n_pairs][kQueries]
/// keys    [n_pairs][32 tokens]     next: as many bytes that will be wanted soon
/// scores  [kQueries][32]
template <unsigned kQueries>
void dot_key_pairs(const Pair* q, const Pair* keys, const Pair* next, uint32_t n_pairs,
                   float* scores) {
  Floats sums[kQueries][2] = {};
  for (uint32_t p = 0; p < n_pairs; ++p) {
    const Pair* row = keys + uint64_t{p} * kBlockTokens;
    __builtin_prefetch(next + uint64_t{p} * kBlockTokens);
    __builtin_prefetch(next + uint64_t{p} * kBlockTokens + kLanes);
    const Words left = load<Words>(row), right = load<Words>(row + kLanes);
    WICK_UNROLL
    for (unsigned i = 0; i < kQueries; ++i) {
      const Words factor = repeat(q + uint64_t{p} * kQueries + i);
      sums[i][0] = add_products(left, factor, sums[i][0]);
      sums[i][1] = add_products(right, factor, sums[i][1]);
    }
  }
  WICK_UNROLL
  for (unsigned i = 0; i < kQueries; ++i) {
    store(scores + i * kBlockTokens, sums[i][0]);
    store(scores + i * kBlockTokens + kLanes, sums[i][1]);
  }
}

/// Weights are rounded, in their place, before they are summed: so the average stays one.
///
/// weights  [kQueries][32], then [kQueries][16 pairs, 64 bytes of nobody]
/// total    [kQueries][16]
template <unsigned kQueries>
void pair_weights(float* weights, const float* keep, float* total) {
  const Words ones = pairs_along(broadcast(1.0f), broadcast(1.0f));
  for (unsigned i = 0; i < kQueries; ++i) {
    float* row = weights + i * kBlockTokens;
    const Words pairs = pairs_along(load<Floats>(row), load<Floats>(row + kLanes));
    store(row, pairs);
    store(total + i * 16, add_products(pairs, ones, load<Floats>(total + i * 16) * keep[i]));
  }
}

/// values [16 pairs][n_dims]; next: as many bytes that will be wanted soon
struct ValuePairs {
  const Pair *pairs, *next;
  uint32_t n_dims;
};

/// out[i] += sum over the pairs begin .. end of weights[i][p] * values[p], for kVectors vectors of
/// dimensions from d on.
template <unsigned kQueries, unsigned kVectors>
inline void add_pair_vectors(const Pair* weights, Seen pairs, const ValuePairs& values, uint32_t d,
                             float* out) {
  const uint32_t n_dims = values.n_dims, n = n_dims - d;
  Floats sums[kQueries][kVectors];
  WICK_UNROLL
  for (unsigned i = 0; i < kQueries; ++i)
    for (unsigned v = 0; v < kVectors; ++v)
      sums[i][v] = load_part(out + uint64_t{i} * n_dims + d + v * kLanes, n - v * kLanes);
  for (uint32_t p = pairs.begin; p < pairs.end; ++p) {
    Words row[kVectors];
    const uint64_t at = uint64_t{p} * n_dims + d;
    for (unsigned v = 0; v < kVectors; ++v) {
      __builtin_prefetch(values.next + at + v * kLanes);
      row[v] = load_part(values.pairs + at + v * kLanes, n - v * kLanes);
    }
    WICK_UNROLL
    for (unsigned i = 0; i < kQueries; ++i) {
      const Words weight = repeat(weights + i * kBlockTokens + p);
      for (unsigned v = 0; v < kVectors; ++v) sums[i][v] = add_products(row[v], weight, sums[i][v]);
    }
  }
  WICK_UNROLL
  for (unsigned i = 0; i < kQueries; ++i)
    for (unsigned v = 0; v < kVectors; ++v)
      store_part(out + uint64_t{i} * n_dims + d + v * kLanes, sums[i][v], n - v * kLanes);
}

/// out[i] += sum over the pairs begin .. end of weights[i][p] * values[p], in order of the pairs.
///
/// weights  [kQueries][32], of which the first 16 are weights
/// out      [kQueries][n_dims]
template <unsigned kQueries>
void add_value_pairs(const Pair* weights, Seen pairs, const ValuePairs& values, float* out) {
  uint32_t d = 0;
  for (; d + kLanes < values.n_dims; d += 2 * kLanes)
    add_pair_vectors<kQueries, 2>(weights, pairs, values, d, out);
  if (d < values.n_dims) add_pair_vectors<kQueries, 1>(weights, pairs, values, d, out);
}

/// Of the token's pair the token alone, for one query: the other value may be anything.
void add_half_pair(const Pair* weights, uint32_t token, const ValuePairs& values, float* out) {
  const uint32_t pair = token / 2, n_dims = values.n_dims;
  const Unsigned half = Unsigned{} + (token % 2 == 0 ? 0xffffu : 0xffff0000u);
  const Words weight = repeat(weights + pair);
  for (uint32_t d = 0; d < n_dims; d += kLanes) {
    const Words both = load_part(values.pairs + uint64_t{pair} * n_dims + d, n_dims - d);
    const Floats sum = load_part(out + d, n_dims - d);
    store_part(out + d, add_products(both & reinterpret_cast<Words>(half), weight, sum),
               n_dims - d);
  }
}

/// The pairs of which a query sees both tokens; none: begin may be behind end.
inline Seen whole_pairs(Seen tokens) {
  return {(tokens.begin + 1) / 2, tokens.end / 2};
}

/// The same where every query sees a part of its own: pairs that all see whole together, the rest
/// one by one, in order all the same.
template <unsigned kQueries>
void add_seen_value_pairs(const Pair* weights, const Seen* seen, const ValuePairs& values,
                          float* out) {
  Seen all = {0, kBlockPairs};
  for (unsigned i = 0; i < kQueries; ++i) {
    const Seen pairs = whole_pairs(seen[i]);
    all.begin = pairs.begin > all.begin ? pairs.begin : all.begin;
    all.end = pairs.end < all.end ? pairs.end : all.end;
  }
  if (all.begin > all.end) all.begin = all.end = kBlockPairs;
  const auto add_one = [&](unsigned i, uint32_t begin, uint32_t end) {
    if (begin < end)
      add_value_pairs<1>(weights + i * kBlockTokens, {begin, end}, values,
                         out + uint64_t{i} * values.n_dims);
  };
  const auto add_half = [&](unsigned i, uint32_t token) {
    add_half_pair(weights + i * kBlockTokens, token, values, out + uint64_t{i} * values.n_dims);
  };
  const auto is_seen = [&](unsigned i) { return seen[i].begin < seen[i].end; };
  for (unsigned i = 0; i < kQueries; ++i) {
    if (!is_seen(i)) continue;
    const Seen pairs = whole_pairs(seen[i]);
    if (seen[i].begin % 2 != 0) add_half(i, seen[i].begin);
    add_one(i, pairs.begin, pairs.end < all.begin ? pairs.end : all.begin);
  }
  if (all.begin < all.end) add_value_pairs<kQueries>(weights, all, values, out);
  for (unsigned i = 0; i < kQueries; ++i) {
    if (!is_seen(i)) continue;
    add_one(i, all.end, whole_pairs(seen[i]).end);
    if (seen[i].end % 2 != 0) add_half(i, seen[i].end - 1);
  }
}

}  // namespace
}  // namespace wick::cpu

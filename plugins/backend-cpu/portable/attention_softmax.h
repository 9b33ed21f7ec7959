// The online softmax of one query over blocks of 32 positions. Included by one file per instruction
// set.
#pragma once

#include "portable/attention_products.h"

namespace wick::cpu {
namespace {

constexpr float kMinusInfinity = -__builtin_inff();
constexpr unsigned kScoreVectors = kBlockTokens / kLanes;

alignas(64) constexpr int32_t kTokens[kBlockTokens] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10,
                                                       11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
                                                       22, 23, 24, 25, 26, 27, 28, 29, 30, 31};

/// tanh(x) to within 2^-22, by e^(-2|x|).
inline Floats tanh_of(Floats x) {
  const Floats size = x < 0.0f ? -x : x;
  Floats e[1] = {size * -2.0f};
  exp_of_negatives(e);
  const Floats y = (1.0f - e[0]) / (1.0f + e[0]);
  return x < 0.0f ? -y : y;
}

/// Minus infinity where nothing is seen.
inline void hide(Seen seen, Floats* scores) {
  const Signed begin = Signed{} + static_cast<int32_t>(seen.begin);
  const Signed end = Signed{} + static_cast<int32_t>(seen.end);
  WICK_UNROLL
  for (unsigned v = 0; v < kScoreVectors; ++v) {
    const Signed token = load<Signed>(kTokens + v * kLanes);
    scores[v] = ((token >= begin) & (token < end)) ? scores[v] : broadcast(kMinusInfinity);
  }
}

/// Caps and hides the scores of a query; returns the largest of them and `before`.
inline Floats finish_scores(float softcap, Seen seen, Floats before, float* scores) {
  Floats s[kScoreVectors];
  WICK_UNROLL
  for (unsigned v = 0; v < kScoreVectors; ++v) s[v] = load<Floats>(scores + v * kLanes);
  if (softcap != 0.0f) {
    WICK_UNROLL
    for (unsigned v = 0; v < kScoreVectors; ++v) s[v] = softcap * tanh_of(s[v] / softcap);
  }
  const bool sees_part = seen.begin != 0 || seen.end != kBlockTokens;
  if (sees_part) hide(seen, s);
  if (sees_part || softcap != 0.0f) {
    WICK_UNROLL
    for (unsigned v = 0; v < kScoreVectors; ++v) store(scores + v * kLanes, s[v]);
  }
  Floats most = s[0];
  WICK_UNROLL
  for (unsigned v = 1; v < kScoreVectors; ++v) most = larger(most, s[v]);
  return larger(largest_lane(most), before);
}

/// scores[v] = e^(scores[v] - base) for vectors v, v + 1, ...: `base` holds one value a query.
template <unsigned n>
inline void exp_of_scores(const float* base, unsigned first, float* scores) {
  Floats s[n];
  WICK_UNROLL
  for (unsigned i = 0; i < n; ++i)
    s[i] = load<Floats>(scores + (first + i) * kLanes) - base[(first + i) / kScoreVectors];
  exp_of_negatives(s);
  WICK_UNROLL
  for (unsigned i = 0; i < n; ++i) store(scores + (first + i) * kLanes, s[i]);
}

/// Scores of a block become weights.
///
/// scores  [kQueries][32]
/// most    [kQueries]           the largest score
/// keep    [kQueries]           what earlier weights and outputs are to be multiplied with
template <unsigned kQueries>
void soften(float softcap, const Seen* seen, float* scores, float* most, float* keep) {
  float base[kQueries];
  for (unsigned i = 0; i < kQueries; ++i) {
    const float before = most[i];
    most[i] = finish_scores(softcap, seen[i], broadcast(before), scores + i * kBlockTokens)[0];
    // Nothing but minus infinities so far: 0 keeps their differences from being NaN.
    base[i] = most[i] == kMinusInfinity ? 0.0f : most[i];
    keep[i] = 1.0f;
    if (before == base[i]) continue;
    Floats change[1] = {broadcast(before - base[i])};
    exp_of_negatives(change);
    keep[i] = change[0][0];
  }
  constexpr unsigned kVectors = kQueries * kScoreVectors, kStep = kVectors % 4 == 0 ? 4 : 2;
  for (unsigned v = 0; v < kVectors; v += kStep) exp_of_scores<kStep>(base, v, scores);
}

/// Adds weights to those that the queries have seen before.
///
/// total   [kQueries][16]       the sum of weights, in kLanes parts
template <unsigned kQueries>
void add_weights(const float* weights, const float* keep, float* total) {
  for (unsigned i = 0; i < kQueries; ++i) {
    Floats sum = load<Floats>(weights + i * kBlockTokens);
    WICK_UNROLL
    for (unsigned v = 1; v < kScoreVectors; ++v)
      sum += load<Floats>(weights + i * kBlockTokens + v * kLanes);
    store(total + i * 16, multiply_add(load<Floats>(total + i * 16), broadcast(keep[i]), sum));
  }
}

}  // namespace
}  // namespace wick::cpu

// How keys and values lie in a block as pairs of bf16, as attention multiplies them, and storing
// new ones. Tokens that share a pair may be stored by two threads at once: each writes its own
// side.
//   keys    [head_dim / 2, rounded up][32 tokens], the last without a second if head_dim is odd
//   values  [16 pairs of tokens][value_dim]
#pragma once

#include "portable/attention_task.h"
#include "portable/bf16_pairs.h"

namespace wick::cpu {
namespace {

/// 32 of n values, neighbours as pairs; zero behind the last.
inline Words pairs_at(const float* from, uint32_t n, float scale) {
  const Floats second = n > kLanes ? load_part(from + kLanes, n - kLanes) : Floats{};
  return pairs_along(load_part(from, n) * scale, second * scale);
}

/// Tokens become columns.
void store_key_pairs(const KvStoreTask& task) {
  auto* keys = reinterpret_cast<Pair*>(task.keys);
  for (uint32_t first = 0; first < task.head_dim; first += 2 * kLanes) {
    const uint32_t left = task.head_dim - first;
    const uint32_t n_pairs = left < 2 * kLanes ? (left + 1) / 2 : kLanes;
    Pair rows[kBlockTokens][kLanes];
    for (uint32_t t = 0; t < task.n_tokens; ++t)
      store(rows[t], pairs_at(task.k + t * task.k_stride + first, left, 1.0f));
    for (uint32_t p = 0; p < n_pairs; ++p) {
      Pair* to = keys + uint64_t{first / 2 + p} * kBlockTokens + task.slot;
      for (uint32_t t = 0; t < task.n_tokens; ++t) to[t] = rows[t][p];
    }
  }
}

/// One token, or both of a pair.
void store_value_pairs(const KvStoreTask& task) {
  for (uint32_t t = 0; t < task.n_tokens; ++t) {
    const uint32_t slot = task.slot + t, n = task.value_dim;
    const bool both = slot % 2 == 0 && t + 1 < task.n_tokens;
    const float* v = task.v + t * task.v_stride;
    Pair* to = reinterpret_cast<Pair*>(task.values) + uint64_t{slot / 2} * n;
    for (uint32_t d = 0; d < n; d += kLanes) {
      const Floats one = load_part(v + d, n - d);
      const Floats other = both ? load_part(v + task.v_stride + d, n - d) : one;
      if (both)
        store_part(to + d, pairs_of(one, other), n - d);
      else
        store_side(to + d, pairs_of(one, other), slot % 2, n - d);
    }
    if (both) ++t;
  }
}

}  // namespace
}  // namespace wick::cpu

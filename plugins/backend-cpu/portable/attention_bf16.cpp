// The attention kernels for x86-64-v4 with AVX-512 BF16: keys and values in bf16 with products of
// bf16 and sums in f32; other types as in attention_v4.cpp.
#if defined(__x86_64__)
#include "portable/attention_pairs.h"
#include "portable/kernels.h"
#include "portable/kv_pairs.h"

namespace wick::cpu {
namespace {

/// Queries [at, at + n) in their place, scaled and then rounded.
void pack_pairs(const Queries& all, uint32_t at, uint32_t n) {
  const AttentionShape& s = all.task.shape;
  const uint32_t n_pairs = (s.head_dim + 1) / 2;
  Pair* to = reinterpret_cast<Pair*>(all.q) + uint64_t{at} * n_pairs;
  for (uint32_t i = 0; i < n; ++i) {
    const float* q = query_at(all, at + i);
    for (uint32_t p = 0; p < n_pairs; p += kLanes) {
      Pair turned[kLanes];
      store(turned, pairs_at(q + 2 * p, s.head_dim - 2 * p, s.scale));
      for (uint32_t k = 0; k < kLanes && p + k < n_pairs; ++k)
        to[uint64_t{p + k} * n + i] = turned[k];
    }
  }
}

template <unsigned kQueries>
void attend_group(const Queries& all, uint32_t at, uint64_t block, const Blocks<Pair>& memory) {
  const AttentionShape& s = all.task.shape;
  const GroupView<kQueries> view = view_of<kQueries>(all, at, block);
  if (view.none) return;
  const uint32_t n_pairs = (s.head_dim + 1) / 2;
  alignas(64) float scores[kQueries * kBlockTokens];
  dot_key_pairs<kQueries>(reinterpret_cast<const Pair*>(all.q) + uint64_t{at} * n_pairs,
                          memory.keys, memory.next_keys, n_pairs, scores);
  float keep[kQueries];
  soften<kQueries>(s.softcap, view.seen, scores, all.most + at, keep);
  pair_weights<kQueries>(scores, keep, all.total + uint64_t{at} * 16);
  float* out = all.out + uint64_t{at} * s.value_dim;
  fade<kQueries>(keep, s.value_dim, out);
  const Pair* weights = reinterpret_cast<const Pair*>(scores);
  const ValuePairs values{memory.values, memory.next_values, s.value_dim};
  if (view.whole)
    add_value_pairs<kQueries>(weights, {0, kBlockPairs}, values, out);
  else
    add_seen_value_pairs<kQueries>(weights, view.seen, values, out);
}

void attend_queries_in_pairs(const Queries& all) {
  start(all, pack_pairs);
  each_block(all, [&](uint64_t block, uint64_t next) {
    attend_block(all, block, blocks_at<Pair>(all.task, block, next));
  });
  finish(all);
}

void attend(const AttentionTask& task) {
  if (task.shape.kv_type != KvType::kBf16) return kAttentionKernelsV4.attend(task);
  each_part(task, attend_queries_in_pairs);
}

void store_kv(const KvStoreTask& task) {
  if (task.type != KvType::kBf16) return kAttentionKernelsV4.store(task);
  store_key_pairs(task);
  store_value_pairs(task);
}

}  // namespace

const AttentionKernels kAttentionKernelsBf16 = {attend, store_kv, KvType::kBf16};

}  // namespace wick::cpu
#endif

// Causal attention over blocks of 32 positions with an online softmax: blocks in order of position,
// so that a result depends on the query's position alone. Included by one file per instruction set.
#pragma once

#include "portable/attention_softmax.h"
#include "portable/kernels.h"
#include "portable/kv_block.h"

namespace wick::cpu {
namespace {

/// Queries of a task that are attended together, and their memory; a query is a head of a token.
/// Groups of queries that share registers follow one another, all of kMostQueries but the last.
struct Queries {
  const AttentionTask& task;
  uint32_t first, n;
  uint64_t first_token, last_token;  ///< positions
  float *wide_keys, *wide_values;    ///< a block in f32
  float* q;                          ///< groups of [head_dim][queries of the group], scaled
  float* out;                        ///< [n][value_dim]
  float *most, *total;               ///< [n], [n][16]

  uint64_t position(uint32_t query) const {
    return task.first_position + (first + query) / task.shape.n_queries_per_token;
  }
};

Queries queries_at(const AttentionTask& task, uint32_t first, uint32_t n) {
  const AttentionShape& s = task.shape;
  Queries all{task, first, n, 0, 0, task.scratch, {}, {}, {}, {}, {}};
  all.wide_values = all.wide_keys + uint64_t{kBlockTokens} * s.head_dim;
  all.q = all.wide_values + uint64_t{kBlockTokens} * s.value_dim;
  all.out = all.q + uint64_t{kAttentionQueries} * s.head_dim;
  all.total = all.out + uint64_t{kAttentionQueries} * s.value_dim;
  all.most = all.total + uint64_t{kAttentionQueries} * 16;
  all.first_token = all.position(0);
  all.last_token = all.position(n - 1);
  return all;
}

uint64_t first_seen(const AttentionShape& s, uint64_t position) {
  return s.window != 0 && position + 1 > s.window ? position + 1 - s.window : 0;
}

Seen seen_of(const AttentionShape& s, uint64_t position, uint64_t block) {
  const uint64_t first = block * kBlockTokens, begin_at = first_seen(s, position);
  const uint64_t begin = begin_at > first ? begin_at - first : 0;
  const uint64_t end = position + 1 > first ? position + 1 - first : 0;
  const uint32_t clipped = static_cast<uint32_t>(end < kBlockTokens ? end : kBlockTokens);
  return {static_cast<uint32_t>(begin < clipped ? begin : clipped), clipped};
}

/// Queries [at, at + n) in their place, one behind the other in every dimension.
void pack(const Queries& all, uint32_t at, uint32_t n) {
  const AttentionShape& s = all.task.shape;
  float* to = all.q + uint64_t{at} * s.head_dim;
  for (uint32_t i = 0; i < n; ++i) {
    const uint32_t query = all.first + at + i;
    const uint32_t token = query / s.n_queries_per_token, head = query % s.n_queries_per_token;
    const float* q = all.task.q + token * all.task.q_stride + uint64_t{head} * s.head_dim;
    for (uint32_t d = 0; d < s.head_dim; ++d) to[uint64_t{d} * n + i] = q[d] * s.scale;
  }
}

void start(const Queries& all) {
  for (uint32_t at = 0; at < all.n; at += kMostQueries)
    pack(all, at, all.n - at < kMostQueries ? all.n - at : kMostQueries);
  for (uint64_t i = 0; i < uint64_t{all.n} * all.task.shape.value_dim; ++i) all.out[i] = 0.0f;
  for (uint32_t i = 0; i < all.n * 16; ++i) all.total[i] = 0.0f;
  for (uint32_t i = 0; i < all.n; ++i) all.most[i] = kMinusInfinity;
}

void finish(const Queries& all) {
  const AttentionShape& s = all.task.shape;
  for (uint32_t i = 0; i < all.n; ++i) {
    const uint32_t query = all.first + i;
    const uint32_t token = query / s.n_queries_per_token, head = query % s.n_queries_per_token;
    const float factor = 1.0f / sum_of_lanes(load<Floats>(all.total + i * 16))[0];
    const float* out = all.out + uint64_t{i} * s.value_dim;
    float* y = all.task.y + token * all.task.y_stride + uint64_t{head} * s.value_dim;
    for (uint32_t d = 0; d < s.value_dim; ++d) y[d] = out[d] * factor;
  }
}

/// A block, and the one behind it, whose memory may be asked for.
template <class Element>
struct Blocks {
  const Element *keys, *values, *next_keys, *next_values;
};

template <unsigned kQueries, class Element>
void attend_group(const Queries& all, uint32_t at, uint64_t block, const Blocks<Element>& memory) {
  const AttentionShape& s = all.task.shape;
  Seen seen[kQueries];
  bool sees_whole = true, sees_none = true;
  for (uint32_t i = 0; i < kQueries; ++i) {
    seen[i] = seen_of(s, all.position(at + i), block);
    sees_whole = sees_whole && seen[i].begin == 0 && seen[i].end == kBlockTokens;
    sees_none = sees_none && seen[i].begin == seen[i].end;
  }
  if (sees_none) return;
  alignas(64) float scores[kQueries * kBlockTokens];
  dot_keys<kQueries>(all.q + uint64_t{at} * s.head_dim, memory.keys, memory.next_keys, s.head_dim,
                     scores);
  float* out = all.out + uint64_t{at} * s.value_dim;
  float keep[kQueries];
  soften<kQueries>(s.softcap, seen, scores, all.most + at, all.total + uint64_t{at} * 16, keep);
  for (uint32_t i = 0; i < kQueries; ++i)
    // Nearly always 1: most scores are no larger than all before them.
    if (keep[i] != 1.0f)
      for (uint32_t d = 0; d < s.value_dim; ++d) out[uint64_t{i} * s.value_dim + d] *= keep[i];
  if (sees_whole)
    add_values<kQueries>(scores, {0, kBlockTokens}, memory.values, memory.next_values, s.value_dim,
                         out);
  else
    add_seen_values<kQueries>(scores, seen, memory.values, memory.next_values, s.value_dim, out);
}

/// The group that begins at `at` and has n queries.
template <unsigned kQueries, class Element>
void attend_n(const Queries& all, uint32_t at, uint32_t n, uint64_t block,
              const Blocks<Element>& memory) {
  if (n == kQueries) return attend_group<kQueries>(all, at, block, memory);
  if constexpr (kQueries > 1) attend_n<kQueries - 1>(all, at, n, block, memory);
}

template <class Element>
void attend_block(const Queries& all, uint64_t block, const Blocks<Element>& memory) {
  for (uint32_t at = 0; at < all.n; at += kMostQueries)
    attend_n<kMostQueries>(all, at, all.n - at < kMostQueries ? all.n - at : kMostQueries, block,
                           memory);
}

template <class Element>
Blocks<Element> blocks_at(const AttentionTask& task, uint64_t block, uint64_t next) {
  const uint8_t* memory = task.state_blocks[task.blocks[block]];
  const uint8_t* behind = task.state_blocks[task.blocks[next]];
  return {reinterpret_cast<const Element*>(memory + task.keys_at),
          reinterpret_cast<const Element*>(memory + task.values_at),
          reinterpret_cast<const Element*>(behind + task.keys_at),
          reinterpret_cast<const Element*>(behind + task.values_at)};
}

/// The last block of a run may hold values of nobody behind its last token: they are converted, but
/// never used.
Blocks<float> widened_blocks(const Queries& all, uint64_t block, uint64_t next) {
  const AttentionShape& s = all.task.shape;
  if (s.kv_type == KvType::kQ8) {
    const Blocks<uint8_t> memory = blocks_at<uint8_t>(all.task, block, next);
    widen_q8_keys(memory.keys, memory.next_keys, s.head_dim, all.wide_keys);
    widen_q8_values(memory.values, memory.next_values, s.value_dim, all.wide_values);
  } else {
    const Blocks<uint16_t> memory = blocks_at<uint16_t>(all.task, block, next);
    widen(memory.keys, uint64_t{kBlockTokens} * s.head_dim, all.wide_keys);
    widen(memory.values, uint64_t{kBlockTokens} * s.value_dim, all.wide_values);
  }
  return {all.wide_keys, all.wide_values, all.wide_keys, all.wide_values};
}

/// Few queries convert f16 on its way to the product, where the CPU can; many once for all.
void attend_queries(const Queries& all) {
  const AttentionTask& task = all.task;
  start(all);
  const uint64_t last = all.last_token / kBlockTokens;
  for (uint64_t block = first_seen(task.shape, all.first_token) / kBlockTokens; block <= last;
       ++block) {
    const uint64_t next = block < last ? block + 1 : block;
    if (task.shape.kv_type == KvType::kF32)
      attend_block(all, block, blocks_at<float>(task, block, next));
    else if (task.shape.kv_type == KvType::kF16 && kConvertsHalves && all.n <= kMostQueries)
      attend_block(all, block, blocks_at<uint16_t>(task, block, next));
    else
      attend_block(all, block, widened_blocks(all, block, next));
  }
  finish(all);
}

void attend(const AttentionTask& task) {
  const uint64_t n = uint64_t{task.n_tokens} * task.shape.n_queries_per_token;
  for (uint64_t first = 0; first < n; first += kAttentionQueries) {
    const uint64_t left = n - first;
    attend_queries(
        queries_at(task, static_cast<uint32_t>(first),
                   static_cast<uint32_t>(left < kAttentionQueries ? left : kAttentionQueries)));
  }
}

constexpr AttentionKernels kAttention = {attend, store_kv};

}  // namespace
}  // namespace wick::cpu

// Causal attention over blocks of 32 positions with an online softmax and products in f32. Included
// by one file per instruction set.
#pragma once

#include "portable/attention_queries.h"
#include "portable/kernels.h"
#include "portable/kv_block.h"

namespace wick::cpu {
namespace {

/// Queries [at, at + n) in their place, one behind the other in every dimension.
void pack(const Queries& all, uint32_t at, uint32_t n) {
  const AttentionShape& s = all.task.shape;
  float* to = all.q + uint64_t{at} * s.head_dim;
  for (uint32_t i = 0; i < n; ++i) {
    const float* q = query_at(all, at + i);
    for (uint32_t d = 0; d < s.head_dim; ++d) to[uint64_t{d} * n + i] = q[d] * s.scale;
  }
}

template <unsigned kQueries, class Element>
void attend_group(const Queries& all, uint32_t at, uint64_t block, const Blocks<Element>& memory) {
  const AttentionShape& s = all.task.shape;
  const GroupView<kQueries> view = view_of<kQueries>(all, at, block);
  if (view.none) return;
  alignas(64) float scores[kQueries * kBlockTokens];
  dot_keys<kQueries>(all.q + uint64_t{at} * s.head_dim, memory.keys, memory.next_keys, s.head_dim,
                     scores);
  float keep[kQueries];
  soften<kQueries>(s.softcap, view.seen, scores, all.most + at, keep);
  add_weights<kQueries>(scores, keep, all.total + uint64_t{at} * 16);
  float* out = all.out + uint64_t{at} * s.value_dim;
  fade<kQueries>(keep, s.value_dim, out);
  if (view.whole)
    add_values<kQueries>(scores, {0, kBlockTokens}, memory.values, memory.next_values, s.value_dim,
                         out);
  else
    add_seen_values<kQueries>(scores, view.seen, memory.values, memory.next_values, s.value_dim,
                              out);
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
  const KvType type = task.shape.kv_type;
  start(all, pack);
  each_block(all, [&](uint64_t block, uint64_t next) {
    if (type == KvType::kF32)
      attend_block(all, block, blocks_at<float>(task, block, next));
    else if (type == KvType::kF16 && kConvertsHalves && all.n <= kMostQueries)
      attend_block(all, block, blocks_at<uint16_t>(task, block, next));
    else
      attend_block(all, block, widened_blocks(all, block, next));
  });
  finish(all);
}

void attend(const AttentionTask& task) {
  each_part(task, attend_queries);
}

}  // namespace
}  // namespace wick::cpu

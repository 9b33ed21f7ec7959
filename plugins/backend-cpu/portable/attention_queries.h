// The way of attention through its blocks: 32 positions each, in order of position, so that a
// result depends on the query's position alone. For products of any type; included by one file per
// instruction set.
#pragma once

#include "portable/attention_softmax.h"

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

const float* query_at(const Queries& all, uint32_t i) {
  const AttentionShape& s = all.task.shape;
  const uint32_t query = all.first + i;
  return all.task.q + query / s.n_queries_per_token * all.task.q_stride +
         uint64_t{query % s.n_queries_per_token} * s.head_dim;
}

/// pack_group(all, at, n) for each group.
template <class PackGroup>
void start(const Queries& all, PackGroup pack_group) {
  for (uint32_t at = 0; at < all.n; at += kMostQueries)
    pack_group(all, at, all.n - at < kMostQueries ? all.n - at : kMostQueries);
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

/// What the queries of a group see of a block.
template <unsigned kQueries>
struct GroupView {
  Seen seen[kQueries];
  bool whole, none;
};

template <unsigned kQueries>
GroupView<kQueries> view_of(const Queries& all, uint32_t at, uint64_t block) {
  GroupView<kQueries> view{{}, true, true};
  for (uint32_t i = 0; i < kQueries; ++i) {
    const Seen seen = view.seen[i] = seen_of(all.task.shape, all.position(at + i), block);
    view.whole = view.whole && seen.begin == 0 && seen.end == kBlockTokens;
    view.none = view.none && seen.begin == seen.end;
  }
  return view;
}

/// Outputs so far, times what is to be kept of them.
template <unsigned kQueries>
void fade(const float* keep, uint32_t value_dim, float* out) {
  for (uint32_t i = 0; i < kQueries; ++i)
    // Nearly always 1: most scores are no larger than all before them.
    if (keep[i] != 1.0f)
      for (uint32_t d = 0; d < value_dim; ++d) out[uint64_t{i} * value_dim + d] *= keep[i];
}

/// The group that begins at `at` and has n queries. Its attend_group is the includer's, for what it
/// keeps a block in.
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

/// use(block, the one behind it) for all blocks that the queries see, in order.
template <class UseBlock>
void each_block(const Queries& all, UseBlock use) {
  const uint64_t last = all.last_token / kBlockTokens;
  for (uint64_t block = first_seen(all.task.shape, all.first_token) / kBlockTokens; block <= last;
       ++block)
    use(block, block < last ? block + 1 : block);
}

/// attend(queries) for as many queries of the task as are attended together.
template <class Attend>
void each_part(const AttentionTask& task, Attend attend) {
  const uint64_t n = uint64_t{task.n_tokens} * task.shape.n_queries_per_token;
  for (uint64_t first = 0; first < n; first += kAttentionQueries) {
    const uint64_t left = n - first;
    attend(queries_at(task, static_cast<uint32_t>(first),
                      static_cast<uint32_t>(left < kAttentionQueries ? left : kAttentionQueries)));
  }
}

}  // namespace
}  // namespace wick::cpu

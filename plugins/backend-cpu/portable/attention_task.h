// What the attention kernels are asked to do: keys and values in blocks of 32 positions. Plain
// numbers, no functions of the kernels' own.
#pragma once

#include <stdint.h>

namespace wick::cpu {

inline constexpr uint32_t kBlockTokens = 32;
inline constexpr uint32_t kAttentionTokens = 32;    ///< of a run that are attended together
inline constexpr uint32_t kAttentionQueries = 128;  ///< of those, at a time

/// What keys and values are held in. kQ8 is 8-bit codes and a scale in f16 for 32 dimensions of a
/// token (portable/kv_q8.h); kBf16 lies in pairs (portable/kv_pairs.h).
enum class KvType : uint32_t { kF32, kF16, kQ8, kBf16 };
inline constexpr uint32_t kKvGroup = 32;

/// Where attention of one run finds a block's keys and values of one head.
///   keys    [head_dim][32 tokens]     values  [32 tokens][value_dim]     of a KvType, but kBf16
struct AttentionShape {
  uint32_t head_dim, value_dim;
  uint32_t n_queries_per_token;  ///< query heads that share the kv head
  uint64_t window;               ///< 0: all positions
  float scale, softcap;
  KvType kv_type;
};

struct AttentionTask {
  AttentionShape shape;
  uint8_t* const* state_blocks;  ///< memory by number of block
  const uint32_t* blocks;        ///< numbers by 32 positions
  uint64_t keys_at, values_at;   ///< offsets within a block
  const float* q;                ///< [n_tokens][q_stride], at the first query head
  uint64_t q_stride;
  float* y;  ///< [n_tokens][y_stride]
  uint64_t y_stride;
  uint64_t first_position;
  uint32_t n_tokens;  ///< at most kAttentionTokens
  float* scratch;     ///< attention_scratch() floats
};

/// A block in f32, then of each query: itself, its output, its largest score and the lanes of its
/// total.
static constexpr uint64_t attention_scratch(const AttentionShape& s) {
  const uint64_t dims = uint64_t{s.head_dim} + s.value_dim;
  return kBlockTokens * dims + kAttentionQueries * (dims + 17) + 64;
}

/// New keys and values of one head, for tokens slot .. slot + n_tokens - 1 of a block.
struct KvStoreTask {
  KvType type;
  uint32_t head_dim, value_dim;
  uint32_t slot, n_tokens;
  uint8_t *keys, *values;  ///< of the head, in the block
  const float *k, *v;      ///< [n_tokens][k_stride], [n_tokens][v_stride], at the head
  uint64_t k_stride, v_stride;
};

struct AttentionKernels {
  void (*attend)(const AttentionTask&);
  void (*store)(const KvStoreTask&);
  KvType narrow;  ///< the 16-bit type that they multiply fastest; kBf16 is for no others
};

}  // namespace wick::cpu

// Reads the config.
#include "config.h"

#include <cmath>

namespace wick::llama {
namespace {

using sdk::kMaxDim, sdk::kMaxHeads, sdk::kMaxLayers;

sdk::AttentionConfig read_attention(const sdk::Metadata& m, std::int64_t model_dim) {
  sdk::AttentionConfig a;
  a.n_heads = m.integer("llama.attention.head_count", 1, kMaxHeads);
  a.n_kv_heads = m.integer("llama.attention.head_count_kv", 1, a.n_heads, a.n_heads);
  if (a.n_heads % a.n_kv_heads != 0)
    fail(ErrorCode::kBadFile,
         "llama.attention.head_count_kv: it does not divide the head count, got ", a.n_kv_heads,
         ", need a divisor of ", a.n_heads);
  const bool has_length = m.find_integer("llama.attention.key_length").has_value();
  if (!has_length && model_dim % a.n_heads != 0)
    fail(ErrorCode::kBadFile,
         "llama.attention.head_count: it does not divide the model dimension, got ", a.n_heads,
         ", need a divisor of ", model_dim, " or llama.attention.key_length");
  a.head_dim = m.integer("llama.attention.key_length", 2, kMaxDim, model_dim / a.n_heads);
  a.value_dim = m.integer("llama.attention.value_length", 1, kMaxDim, a.head_dim);
  a.scale = 1.0 / std::sqrt(static_cast<double>(a.head_dim));
  a.window = m.integer("llama.attention.sliding_window", 0, INT32_MAX, 0);
  return a;
}

sdk::RopeConfig read_rope(const sdk::Metadata& m, const Config& config) {
  sdk::RopeConfig rope;
  rope.head_dim = config.attention.head_dim;
  rope.n_rotary = m.integer("llama.rope.dimension_count", 2, rope.head_dim, rope.head_dim);
  if (rope.n_rotary % 2 != 0)
    fail(ErrorCode::kBadFile, "llama.rope.dimension_count: dimensions are rotated in pairs, got ",
         rope.n_rotary, ", need an even number");
  rope.layout = sdk::RopeLayout::kInterleaved;
  rope.base = m.real("llama.rope.freq_base", 1.0, 1e15, 10000.0);
  sdk::read_rope_scaling(m, "llama", config.context_length, rope);
  return rope;
}

}  // namespace

Config read_config(const sdk::Metadata& m) {
  if (m.integer("llama.expert_count", 0, INT32_MAX, 0) > 0)
    fail(ErrorCode::kUnavailable,
         "llama.expert_count: this plugin runs no mixture of experts; use a dense model");
  Config c;
  c.n_layers = static_cast<std::uint32_t>(m.integer("llama.block_count", 1, kMaxLayers));
  c.context_length = m.integer("llama.context_length", 1, INT32_MAX);
  c.model_dim = m.integer("llama.embedding_length", 1, kMaxDim);
  c.ff_dim = m.integer("llama.feed_forward_length", 1, kMaxDim);
  c.norm_eps = m.real("llama.attention.layer_norm_rms_epsilon", 0.0, 1.0);
  c.vocab_size = sdk::read_vocab_size(m, "llama");
  c.attention = read_attention(m, c.model_dim);
  c.rope = read_rope(m, c);
  return c;
}

}  // namespace wick::llama

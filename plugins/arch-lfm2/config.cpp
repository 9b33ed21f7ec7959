// Reads the config.
#include "config.h"

#include <cmath>

namespace wick::lfm2 {
namespace {

using sdk::kMaxDim, sdk::kMaxHeads, sdk::kMaxLayers;

/// One number a layer, or one for all.
std::vector<std::int64_t> read_kv_heads(const sdk::Metadata& m, std::uint32_t n_layers,
                                        std::int64_t n_heads) {
  const std::string key = "lfm2.attention.head_count_kv";
  std::vector<std::int64_t> heads(n_layers);
  if (m.is_array(key)) {
    heads = m.find_integers(key, kMaxLayers).value();
  } else {
    heads.assign(n_layers, m.integer(key, 0, n_heads));
  }
  if (heads.size() != n_layers)
    fail(ErrorCode::kBadFile, key, ": one number a layer is needed, got ", heads.size(), ", need ",
         n_layers);
  for (std::int64_t n : heads)
    if (n < 0 || (n > 0 && n_heads % n != 0))
      fail(ErrorCode::kBadFile, key, ": a number does not divide the head count, got ", n,
           ", need 0 or a divisor of ", n_heads);
  return heads;
}

sdk::AttentionConfig read_attention(const sdk::Metadata& m, std::int64_t model_dim) {
  sdk::AttentionConfig a;
  a.n_heads = m.integer("lfm2.attention.head_count", 1, kMaxHeads);
  if (model_dim % a.n_heads != 0)
    fail(ErrorCode::kBadFile,
         "lfm2.attention.head_count: it does not divide the model dimension, got ", a.n_heads,
         ", need a divisor of ", model_dim);
  a.head_dim = m.integer("lfm2.attention.key_length", 2, kMaxDim, model_dim / a.n_heads);
  a.value_dim = m.integer("lfm2.attention.value_length", 1, kMaxDim, a.head_dim);
  a.scale = 1.0 / std::sqrt(static_cast<double>(a.head_dim));
  a.window = m.integer("lfm2.attention.sliding_window", 0, INT32_MAX, 0);
  return a;
}

}  // namespace

Config read_config(const sdk::Metadata& m) {
  Config c;
  c.n_layers = static_cast<std::uint32_t>(m.integer("lfm2.block_count", 1, kMaxLayers));
  c.context_length = m.integer("lfm2.context_length", 1, INT32_MAX);
  c.model_dim = m.integer("lfm2.embedding_length", 1, kMaxDim);
  c.ff_dim = m.integer("lfm2.feed_forward_length", 1, kMaxDim);
  c.norm_eps = m.real("lfm2.attention.layer_norm_rms_epsilon", 0.0, 1.0);
  c.conv_width = m.integer("lfm2.shortconv.l_cache", 2, 1024);
  c.vocab_size = sdk::read_vocab_size(m, "lfm2");
  c.attention = read_attention(m, c.model_dim);
  c.n_kv_heads = read_kv_heads(m, c.n_layers, c.attention.n_heads);
  c.rope.head_dim = c.rope.n_rotary = c.attention.head_dim;
  if (c.rope.head_dim % 2 != 0)
    fail(ErrorCode::kBadFile, "lfm2.attention.key_length: dimensions are rotated in pairs, got ",
         c.rope.head_dim, ", need an even number");
  c.rope.layout = sdk::RopeLayout::kHalves;
  c.rope.base = m.real("lfm2.rope.freq_base", 1.0, 1e15, 1000000.0);
  return c;
}

}  // namespace wick::lfm2

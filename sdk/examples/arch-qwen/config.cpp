// Reads the config. What most architectures have in common is wick/sdk/gguf_config.h.
#include "config.h"

#include <cmath>

namespace qwen {
namespace {

using wick::ErrorCode;
using wick::fail;

sdk::AttentionConfig read_attention(const sdk::Metadata& m, const std::string& prefix,
                                    std::int64_t model_dim) {
  sdk::AttentionConfig a;
  a.n_heads = m.integer(prefix + "head_count", 1, sdk::kMaxHeads);
  a.n_kv_heads = m.integer(prefix + "head_count_kv", 1, a.n_heads, a.n_heads);
  if (a.n_heads % a.n_kv_heads != 0)
    fail(ErrorCode::kBadFile, prefix, "head_count_kv: it does not divide the head count, got ",
         a.n_kv_heads, ", need a divisor of ", a.n_heads);
  // Qwen3 chooses the width of its heads; Qwen2's share the model dimension.
  a.head_dim = m.integer(prefix + "key_length", 2, sdk::kMaxDim, model_dim / a.n_heads);
  a.value_dim = m.integer(prefix + "value_length", 1, sdk::kMaxDim, a.head_dim);
  if (a.head_dim % 2 != 0)
    fail(ErrorCode::kBadFile, prefix, "key_length: dimensions are rotated in pairs, got ",
         a.head_dim, ", need an even number");
  a.scale = 1.0 / std::sqrt(static_cast<double>(a.head_dim));
  a.window = m.integer(prefix + "sliding_window", 0, INT32_MAX, 0);
  return a;
}

/// Every layer slides where the file has no pattern.
std::vector<bool> read_slides(const sdk::Metadata& m, const std::string& key,
                              std::uint32_t n_layers) {
  std::vector<bool> slides(n_layers, true);
  const auto pattern = m.find_integers(key, sdk::kMaxLayers);
  if (pattern && pattern->size() != n_layers)
    fail(ErrorCode::kBadFile, key, ": one boolean a layer is needed, got ", pattern->size(),
         ", need ", n_layers);
  for (std::size_t i = 0; pattern && i < n_layers; ++i) slides[i] = (*pattern)[i] != 0;
  return slides;
}

}  // namespace

Config read_config(const sdk::Metadata& m, const std::string& family) {
  const std::string prefix = family + ".", attention = prefix + "attention.";
  Config c;
  c.is_qwen3 = family == "qwen3";
  c.n_layers = static_cast<std::uint32_t>(m.integer(prefix + "block_count", 1, sdk::kMaxLayers));
  c.context_length = m.integer(prefix + "context_length", 1, INT32_MAX);
  c.model_dim = m.integer(prefix + "embedding_length", 1, sdk::kMaxDim);
  c.ff_dim = m.integer(prefix + "feed_forward_length", 1, sdk::kMaxDim);
  c.norm_eps = m.real(attention + "layer_norm_rms_epsilon", 0.0, 1.0);
  c.vocab_size = sdk::read_vocab_size(m, family);
  c.attention = read_attention(m, attention, c.model_dim);
  c.slides = read_slides(m, attention + "sliding_window_pattern", c.n_layers);
  c.rope.head_dim = c.rope.n_rotary = c.attention.head_dim;
  c.rope.layout = sdk::RopeLayout::kHalves;
  c.rope.base = m.real(prefix + "rope.freq_base", 1.0, 1e15, 10000.0);
  sdk::read_rope_scaling(m, family, c.context_length, c.rope);
  return c;
}

}  // namespace qwen

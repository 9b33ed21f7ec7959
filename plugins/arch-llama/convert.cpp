// What a checkpoint's config.json says, as GGUF keys.
#include <wick/sdk/checkpoint_config.h>

#include "config.h"

namespace wick::llama {

void convert_config(const sdk::Metadata& config, const sdk::ConfigSink& gguf) {
  sdk::need_activation(config, "silu");
  sdk::convert_dimensions(config, gguf, "llama");
  const std::int64_t n_heads = config.integer("num_attention_heads", 1, sdk::kMaxHeads);
  gguf.put_integer("llama.feed_forward_length",
                   config.integer("intermediate_size", 1, sdk::kMaxDim));
  gguf.put_integer("llama.attention.head_count_kv",
                   config.integer("num_key_value_heads", 1, n_heads, n_heads));
  gguf.put_real("llama.attention.layer_norm_rms_epsilon",
                config.real("rms_norm_eps", 0.0, 1.0, 1e-6));
  const std::int64_t shared_dim = config.integer("hidden_size", 1, sdk::kMaxDim) / n_heads;
  const std::int64_t head_dim = config.integer("head_dim", 2, sdk::kMaxDim, shared_dim);
  if (config.find_integer("head_dim")) {
    gguf.put_integer("llama.attention.key_length", head_dim);
    gguf.put_integer("llama.attention.value_length", head_dim);
  }
  // Rows of q and k are interleaved over whole heads, which a part that does not turn would break.
  for (const char* key : {"partial_rotary_factor", "rope_parameters.partial_rotary_factor"})
    if (config.real(key, 0.0, 1.0, 1.0) < 1.0)
      fail(ErrorCode::kUnavailable, key,
           ": this plugin converts heads that turn as a whole, need 1");
  gguf.put_integer("llama.rope.dimension_count", head_dim);
  sdk::convert_rope(config, gguf, "llama", 10000.0, head_dim);
  if (const auto window = config.find_integer("sliding_window"))
    gguf.put_integer("llama.attention.sliding_window", *window);
  sdk::convert_output(config, gguf, false);
}

}  // namespace wick::llama

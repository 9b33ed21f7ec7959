// What a checkpoint's config.json says, as GGUF keys.
#include <wick/sdk/checkpoint_config.h>

#include "config.h"

namespace qwen {
namespace {

/// Layers from max_window_layers on slide; newer configs name the type of each layer.
void convert_window(const sdk::Metadata& config, const sdk::ConfigSink& gguf,
                    const std::string& attention) {
  const auto window = config.find_integer("sliding_window");
  if (!window || !config.find_bool("use_sliding_window").value_or(false)) return;
  const std::int64_t n_layers = config.integer("num_hidden_layers", 1, sdk::kMaxLayers);
  const std::int64_t first = config.integer("max_window_layers", 0, sdk::kMaxLayers, 28);
  std::vector<std::int32_t> slides;
  for (std::int64_t i = 0; i < n_layers; ++i) {
    const auto type = config.find_string("layer_types." + std::to_string(i));
    slides.push_back(type ? *type == "sliding_attention" : i >= first);
  }
  gguf.put_integer(attention + "sliding_window", *window);
  gguf.put_integers(attention + "sliding_window_pattern", slides);
}

}  // namespace

void convert_config(const sdk::Metadata& config, const sdk::ConfigSink& gguf,
                    const std::string& family) {
  const std::string attention = family + ".attention.";
  sdk::need_activation(config, "silu");
  sdk::convert_dimensions(config, gguf, family);
  const std::int64_t n_heads = config.integer("num_attention_heads", 1, sdk::kMaxHeads);
  gguf.put_integer(family + ".feed_forward_length",
                   config.integer("intermediate_size", 1, sdk::kMaxDim));
  gguf.put_integer(attention + "head_count_kv",
                   config.integer("num_key_value_heads", 1, n_heads, n_heads));
  gguf.put_real(attention + "layer_norm_rms_epsilon", config.real("rms_norm_eps", 0.0, 1.0, 1e-6));
  std::int64_t head_dim = config.integer("hidden_size", 1, sdk::kMaxDim) / n_heads;
  if (family == "qwen3") {
    head_dim = config.integer("head_dim", 2, sdk::kMaxDim, 128);
    gguf.put_integer(attention + "key_length", head_dim);
    gguf.put_integer(attention + "value_length", head_dim);
  }
  convert_window(config, gguf, attention);
  sdk::convert_rope(config, gguf, family, 10000.0, head_dim);
  sdk::convert_output(config, gguf, false);
}

}  // namespace qwen

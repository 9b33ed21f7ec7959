// What a checkpoint's config.json says, as GGUF keys.
#include <wick/sdk/checkpoint_config.h>

#include "config.h"

namespace wick::llama {
namespace {

/// How many dimensions of a head turn; cut to a whole number as the reference does.
std::int64_t rotary_dim(const sdk::Metadata& config, std::int64_t head_dim) {
  const double part = config.real("rope_parameters.partial_rotary_factor", 0.0, 1.0,
                                  config.real("partial_rotary_factor", 0.0, 1.0, 1.0));
  if (part == 1.0) return head_dim;
  const auto n_rotary = static_cast<std::int64_t>(static_cast<double>(head_dim) * part);
  if (n_rotary < 2 || n_rotary % 2 != 0)
    fail(ErrorCode::kBadFile, "partial_rotary_factor: dimensions turn in pairs, got ", n_rotary,
         " of a head's ", head_dim, ", need an even number");
  return n_rotary;
}

/// LLaMA itself has none: a config that was derived from Mistral's may still name one.
void convert_window(const sdk::Metadata& config, const sdk::ConfigSink& gguf) {
  const auto window = config.find_integer("sliding_window");
  if (window && config.find_string("architectures.0") != "LlamaForCausalLM")
    gguf.put_integer("llama.attention.sliding_window", *window);
}

/// Biases are taken from the checkpoint where it has them; where the config says so, it must.
void need_biases(const sdk::Metadata& config) {
  for (const auto& [key, tensor] :
       {std::pair{"attention_bias", "model.layers.0.self_attn.q_proj.bias"},
        std::pair{"mlp_bias", "model.layers.0.mlp.gate_proj.bias"}})
    if (config.find_bool(key).value_or(false) && !config.tensor(tensor))
      fail(ErrorCode::kBadFile, tensor, ": the checkpoint has no such tensor, though '", key,
           "' of its config.json is true; it is no complete model");
}

}  // namespace

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
  const std::int64_t n_rotary = rotary_dim(config, head_dim);
  gguf.put_integer("llama.rope.dimension_count", n_rotary);
  sdk::convert_rope(config, gguf, "llama", 10000.0, n_rotary);
  convert_window(config, gguf);
  need_biases(config);
  sdk::convert_output(config, gguf, false);
}

}  // namespace wick::llama

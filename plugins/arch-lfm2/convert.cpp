// What a checkpoint's config.json says, as GGUF keys.
#include <wick/sdk/checkpoint_config.h>

#include "config.h"

namespace wick::lfm2 {
namespace {

/// A layer is what its weights are: configs say so in two ways, by `layer_types` and by
/// `full_attn_idxs`.
std::vector<std::int32_t> kv_heads(const sdk::Metadata& config, std::int64_t n_heads) {
  const std::int64_t n_layers = config.integer("num_hidden_layers", 1, sdk::kMaxLayers);
  const std::int64_t n_kv_heads = config.integer("num_key_value_heads", 1, n_heads, n_heads);
  std::vector<std::int32_t> heads;
  for (std::int64_t i = 0; i < n_layers; ++i) {
    const std::string layer = "model.layers." + std::to_string(i);
    const bool attends = config.tensor(layer + ".self_attn.q_proj.weight").has_value();
    heads.push_back(attends ? static_cast<std::int32_t>(n_kv_heads) : 0);
  }
  return heads;
}

/// The width of a dense network is computed in three ways from the config; the weights have it.
std::int64_t ff_dim(const sdk::Metadata& config, const std::string& arch) {
  const auto gate = config.tensor("model.layers.0.feed_forward.w1.weight");
  if (gate && !gate->empty() && (*gate)[0] <= sdk::as_dim(sdk::kMaxDim))
    return static_cast<std::int64_t>((*gate)[0]);
  if (arch == kExpertArch) return config.integer("intermediate_size", 1, sdk::kMaxDim);
  fail(ErrorCode::kBadFile,
       "model.layers.0.feed_forward.w1.weight: the checkpoint has no such tensor, or one without a "
       "shape that can be; it is no complete model");
}

void convert_experts(const sdk::Metadata& config, const sdk::ConfigSink& gguf) {
  const std::string prefix = std::string(kExpertArch) + ".";
  gguf.put_integer(prefix + "expert_count", config.integer("num_experts", 1, 1 << 16));
  gguf.put_integer(prefix + "expert_used_count", config.integer("num_experts_per_tok", 1, 1 << 16));
  gguf.put_integer(prefix + "expert_feed_forward_length",
                   config.integer("moe_intermediate_size", 1, sdk::kMaxDim));
  gguf.put_integer(prefix + "leading_dense_block_count",
                   config.integer("num_dense_layers", 0, sdk::kMaxLayers, 0));
  gguf.put_integer(prefix + "expert_gating_func", 2);  // sigmoid
  gguf.put_bool(prefix + "expert_weights_norm", config.find_bool("norm_topk_prob").value_or(true));
  gguf.put_real(prefix + "expert_weights_scale",
                config.real("routed_scaling_factor", 0.0, 1e6, 1.0));
}

}  // namespace

void convert_config(const sdk::Metadata& config, const sdk::ConfigSink& gguf,
                    const std::string& arch) {
  if (config.find_bool("conv_bias").value_or(false))
    fail(ErrorCode::kUnavailable,
         "conv_bias: this plugin knows no convolutions with a bias, need false");
  sdk::convert_dimensions(config, gguf, arch);
  const std::int64_t n_heads = config.integer("num_attention_heads", 1, sdk::kMaxHeads);
  gguf.put_integer(arch + ".feed_forward_length", ff_dim(config, arch));
  gguf.put_integers(arch + ".attention.head_count_kv", kv_heads(config, n_heads));
  gguf.put_real(arch + ".attention.layer_norm_rms_epsilon",
                config.real("norm_eps", 0.0, 1.0, config.real("block_norm_eps", 0.0, 1.0, 1e-5)));
  gguf.put_integer(arch + ".shortconv.l_cache", config.integer("conv_L_cache", 2, 1024, 3));
  if (sdk::read_checkpoint_rope(config, 1e6).type != "default")
    fail(ErrorCode::kUnavailable, "rope_type: this plugin knows no scaling of RoPE, need default");
  gguf.put_real(arch + ".rope.freq_base", sdk::read_checkpoint_rope(config, 1e6).theta);
  if (arch == kExpertArch) convert_experts(config, gguf);
  sdk::convert_output(config, gguf, config.find_bool("tie_embedding").value_or(true));
}

}  // namespace wick::lfm2

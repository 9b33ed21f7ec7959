// What the config.json of most Hugging Face checkpoints have in common, as GGUF keys: the other
// half of gguf_config.h, for convert().
#pragma once

#include <wick/sdk/arch.h>
#include <wick/sdk/gguf_config.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace wick {
inline namespace v1 {
namespace sdk {

/// Layers, dimensions, heads and the vocabulary, under the names that nearly every config has.
/// head_count_kv is left to the architecture.
inline void convert_dimensions(const Metadata& config, const ConfigSink& gguf,
                               const std::string& arch) {
  const auto table = config.tensor("model.embed_tokens.weight");
  if (!table)
    fail(ErrorCode::kBadFile,
         "model.embed_tokens.weight: the checkpoint has no such tensor; it is no complete model");
  gguf.put_shape("token_embd.weight", *table);
  gguf.put_integer(arch + ".block_count", config.integer("num_hidden_layers", 1, kMaxLayers));
  gguf.put_integer(arch + ".context_length",
                   config.integer("max_position_embeddings", 1, INT32_MAX));
  gguf.put_integer(arch + ".embedding_length", config.integer("hidden_size", 1, kMaxDim));
  gguf.put_integer(arch + ".attention.head_count",
                   config.integer("num_attention_heads", 1, kMaxHeads));
  gguf.put_integer(arch + ".vocab_size", config.integer("vocab_size", 1, kMaxVocab));
}

/// A config that ties the output to the embedding leaves it out, whatever the checkpoint has; one
/// that does not must have it. `fallback`: what the family does where the key is absent.
inline void convert_output(const Metadata& config, const ConfigSink& gguf, bool fallback) {
  if (config.find_bool("tie_word_embeddings").value_or(fallback))
    gguf.leave_out("output.weight");
  else if (!config.tensor("lm_head.weight"))
    fail(ErrorCode::kBadFile,
         "lm_head.weight: the checkpoint has no such tensor, and its config.json does not tie the "
         "output to the embedding; it is no complete model");
}

/// The one activation that the graph has.
inline void need_activation(const Metadata& config, const std::string& need) {
  const std::string name = config.find_string("hidden_act").value_or(need);
  if (name != need)
    fail(ErrorCode::kUnavailable, "hidden_act: this architecture has no activation '", name,
         "', need ", need);
}

/// RoPE in config.json: `rope_parameters`, or in older files `rope_theta` and `rope_scaling`.
struct CheckpointRope {
  std::string scaling;  ///< prefix of the scaling's keys, with the dot
  std::string type;     ///< "default", "linear", "yarn", "llama3", ...
  double theta = 0.0;
};

inline CheckpointRope read_checkpoint_rope(const Metadata& config, double theta) {
  CheckpointRope rope;
  const bool is_new = config.find_string("rope_parameters.rope_type").has_value() ||
                      config.find_real("rope_parameters.rope_theta").has_value();
  rope.scaling = is_new ? "rope_parameters." : "rope_scaling.";
  rope.type = config.find_string(rope.scaling + "rope_type")
                  .value_or(config.find_string(rope.scaling + "type").value_or("default"));
  rope.theta = config.real("rope_parameters.rope_theta", 1.0, 1e15,
                           config.real("rope_theta", 1.0, 1e15, theta));
  return rope;
}

/// The frequency factors of LLaMA 3: long waves are stretched by the factor, short ones are kept,
/// and between the two it passes over linearly in the number of turns.
inline std::vector<float> llama3_factors(const Metadata& config, const CheckpointRope& rope,
                                         std::int64_t n_rotary) {
  const double factor = config.real(rope.scaling + "factor", 1.0, 1e6);
  const double low = config.real(rope.scaling + "low_freq_factor", 1e-6, 1e6, 1.0);
  const double high = config.real(rope.scaling + "high_freq_factor", 1e-6, 1e6, 4.0);
  const double context =
      config.real(rope.scaling + "original_max_position_embeddings", 1.0, 1e12, 8192.0);
  if (!(low < high))
    fail(ErrorCode::kBadFile, rope.scaling, "low_freq_factor: need less than high_freq_factor");
  std::vector<float> factors;
  for (std::int64_t i = 0; i < n_rotary; i += 2) {
    const double exponent = static_cast<double>(i) / static_cast<double>(n_rotary);
    const double wave = 2 * 3.14159265358979323846 * std::pow(rope.theta, exponent);
    const double turns = context / wave;  // within the original context
    const double smooth = (turns - low) / (high - low);
    const double scale = turns < low    ? 1 / factor
                         : turns > high ? 1.0
                                        : (1 - smooth) / factor + smooth;
    factors.push_back(static_cast<float>(1 / scale));
  }
  return factors;
}

/// RoPE's base and scaling: none, dynamic (none up to the trained length), linear, YaRN, LLaMA 3's.
/// Other kinds are refused by name.
inline void convert_rope(const Metadata& config, const ConfigSink& gguf, const std::string& arch,
                         double theta, std::int64_t n_rotary) {
  const CheckpointRope rope = read_checkpoint_rope(config, theta);
  const std::string scaling = arch + ".rope.scaling.";
  gguf.put_real(arch + ".rope.freq_base", rope.theta);
  // "dynamic" begins to stretch behind the trained length, where nothing of ours goes by itself.
  if (rope.type == "default" || rope.type == "dynamic") return;
  if (rope.type == "llama3")
    return gguf.put_vector("rope_freqs.weight", llama3_factors(config, rope, n_rotary));
  if (rope.type != "linear" && rope.type != "yarn")
    fail(ErrorCode::kUnavailable, rope.scaling, "rope_type: this plugin knows no scaling '",
         rope.type, "', need default, dynamic, linear, yarn or llama3");
  gguf.put_string(scaling + "type", rope.type);
  gguf.put_real(scaling + "factor", config.real(rope.scaling + "factor", 1e-6, 1e6));
  if (rope.type == "linear") return;
  gguf.put_integer(scaling + "original_context_length",
                   config.integer(rope.scaling + "original_max_position_embeddings", 1, INT32_MAX,
                                  config.integer("max_position_embeddings", 1, INT32_MAX)));
  for (const auto& [key, ours] :
       {std::pair{"attention_factor", "yarn_attn_factor"}, std::pair{"beta_fast", "yarn_beta_fast"},
        std::pair{"beta_slow", "yarn_beta_slow"}})
    if (const auto value = config.find_real(rope.scaling + key))
      gguf.put_real(scaling + ours, *value);
  for (const char* key : {"mscale", "mscale_all_dim"})
    if (config.find_real(rope.scaling + key))
      fail(ErrorCode::kUnavailable, rope.scaling, key, ": this plugin knows no such part of YaRN");
  if (!config.find_bool(rope.scaling + "truncate").value_or(true))
    fail(ErrorCode::kUnavailable, rope.scaling,
         "truncate: this plugin cuts the bounds of YaRN to whole dimensions, need true");
}

}  // namespace sdk
}  // namespace v1
}  // namespace wick

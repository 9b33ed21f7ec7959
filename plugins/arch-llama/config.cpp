// Reads the config. Limits are far above any model that exists, and low enough that products fit 64
// bits.
#include "config.h"

#include <cmath>

namespace wick::llama {
namespace {

constexpr std::int64_t kMaxLayers = 4096, kMaxDim = 1 << 20, kMaxHeads = 1 << 14,
                       kMaxVocab = 1 << 24;

class LlamaModel final : public sdk::ArchModel {
 public:
  explicit LlamaModel(const Config& config) : config_(config) {}
  sdk::ModelInfo info() const override {
    const auto as = [](std::int64_t n) { return static_cast<std::uint64_t>(n); };
    return {config_.n_layers, as(config_.context_length), as(config_.vocab_size),
            as(config_.model_dim)};
  }
  std::vector<sdk::TensorDecl> tensors() const override { return list_tensors(config_); }
  void build(sdk::GraphBuilder& graph) const override { build_graph(config_, graph); }

 private:
  Config config_;
};

class LlamaArchitecture final : public sdk::Architecture {
 public:
  std::unique_ptr<sdk::ArchModel> open(const sdk::Metadata& metadata) const override {
    return std::make_unique<LlamaModel>(read_config(metadata));
  }
};

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

void read_scaling(const sdk::Metadata& m, std::int64_t context_length, sdk::RopeConfig& rope) {
  const std::string prefix = "llama.rope.scaling.";
  const std::string type = m.find_string(prefix + "type").value_or("linear");
  if (type != "none" && type != "linear" && type != "yarn")
    fail(ErrorCode::kUnavailable, prefix, "type: this plugin knows no scaling '", type,
         "', need none, linear or yarn");
  if (type == "none") return;
  // Files of before 2023-10 have rope.scale_linear; a factor of 0 stands for none.
  const double old_factor = m.real("llama.rope.scale_linear", 0.0, 1e6, 0.0);
  const double factor = m.real(prefix + "factor", 0.0, 1e6, old_factor);
  rope.scale = factor > 0.0 ? 1.0 / factor : 1.0;
  if (type != "yarn") return;
  rope.original_context =
      m.integer(prefix + "original_context_length", 1, INT32_MAX, context_length);
  rope.attn_factor = m.real(prefix + "attn_factor", 0.0, 1e6, 1.0);
  rope.ext_factor = m.real(prefix + "yarn_ext_factor", 0.0, 1e6, 1.0);
  rope.attn_factor *= m.real(prefix + "yarn_attn_factor", 0.0, 1e6, 1.0);
  rope.beta_fast = m.real(prefix + "yarn_beta_fast", 1e-6, 1e6, 32.0);
  rope.beta_slow = m.real(prefix + "yarn_beta_slow", 1e-6, 1e6, 1.0);
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
  read_scaling(m, config.context_length, rope);
  return rope;
}

std::int64_t read_vocab_size(const sdk::Metadata& m) {
  const auto table = m.tensor("token_embd.weight");
  if (!table || table->size() != 2)
    fail(ErrorCode::kBadFile,
         "token_embd.weight: the tensor is missing or no matrix; the file is no complete model");
  const auto rows =
      static_cast<std::int64_t>((*table)[0] > kMaxVocab ? kMaxVocab + 1 : (*table)[0]);
  const std::int64_t vocab_size = m.integer("llama.vocab_size", 1, kMaxVocab, rows);
  if (vocab_size != rows)
    fail(ErrorCode::kBadFile,
         "llama.vocab_size: it differs from the rows of token_embd.weight, got ", vocab_size,
         ", need ", rows);
  return vocab_size;
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
  c.vocab_size = read_vocab_size(m);
  c.attention = read_attention(m, c.model_dim);
  c.rope = read_rope(m, c);
  return c;
}

std::unique_ptr<sdk::Architecture> make_architecture() {
  return std::make_unique<LlamaArchitecture>();
}

}  // namespace wick::llama

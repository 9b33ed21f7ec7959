// Reads the config. Limits are far above any model that exists, and low enough that products fit 64
// bits.
#include "config.h"

#include <cmath>

namespace qwen {
namespace {

using wick::ErrorCode;
using wick::fail;

constexpr std::int64_t kMaxLayers = 4096, kMaxDim = 1 << 20, kMaxHeads = 1 << 14,
                       kMaxVocab = 1 << 24;

class QwenModel final : public sdk::ArchModel {
 public:
  explicit QwenModel(Config config) : config_(std::move(config)) {}
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

class QwenArchitecture final : public sdk::Architecture {
 public:
  explicit QwenArchitecture(std::string family) : family_(std::move(family)) {}
  std::unique_ptr<sdk::ArchModel> open(const sdk::Metadata& metadata) const override {
    return std::make_unique<QwenModel>(read_config(metadata, family_));
  }

 private:
  std::string family_;
};

sdk::AttentionConfig read_attention(const sdk::Metadata& m, const std::string& prefix,
                                    std::int64_t model_dim) {
  sdk::AttentionConfig a;
  a.n_heads = m.integer(prefix + "head_count", 1, kMaxHeads);
  a.n_kv_heads = m.integer(prefix + "head_count_kv", 1, a.n_heads, a.n_heads);
  if (a.n_heads % a.n_kv_heads != 0)
    fail(ErrorCode::kBadFile, prefix, "head_count_kv: it does not divide the head count, got ",
         a.n_kv_heads, ", need a divisor of ", a.n_heads);
  // Qwen3 chooses the width of its heads; Qwen2's heads share the model dimension.
  a.head_dim = m.integer(prefix + "key_length", 2, kMaxDim, model_dim / a.n_heads);
  a.value_dim = m.integer(prefix + "value_length", 1, kMaxDim, a.head_dim);
  if (a.head_dim % 2 != 0)
    fail(ErrorCode::kBadFile, prefix, "key_length: dimensions are rotated in pairs, got ",
         a.head_dim, ", need an even number");
  a.scale = 1.0 / std::sqrt(static_cast<double>(a.head_dim));
  a.window = m.integer(prefix + "sliding_window", 0, INT32_MAX, 0);
  return a;
}

/// Every layer slides where the file has no pattern.
std::vector<bool> read_slides(const sdk::Metadata& m, const std::string& prefix,
                              std::uint32_t n_layers) {
  const std::string key = prefix + "sliding_window_pattern";
  std::vector<bool> slides(n_layers, true);
  const auto pattern = m.find_integers(key, kMaxLayers);
  if (pattern && pattern->size() != n_layers)
    fail(ErrorCode::kBadFile, key, ": one boolean a layer is needed, got ", pattern->size(),
         ", need ", n_layers);
  for (std::size_t i = 0; pattern && i < n_layers; ++i) slides[i] = (*pattern)[i] != 0;
  return slides;
}

void read_scaling(const sdk::Metadata& m, const std::string& prefix, std::int64_t context_length,
                  sdk::RopeConfig& rope) {
  const std::string type = m.find_string(prefix + "type").value_or("none");
  if (type == "none") return;
  if (type != "linear" && type != "yarn")
    fail(ErrorCode::kUnavailable, prefix, "type: this plugin knows no scaling '", type,
         "', need none, linear or yarn");
  rope.scale = 1.0 / m.real(prefix + "factor", 1e-6, 1e6);
  if (type == "linear") return;
  rope.original_context =
      m.integer(prefix + "original_context_length", 1, INT32_MAX, context_length);
  rope.ext_factor = m.real(prefix + "yarn_ext_factor", 0.0, 1e6, 1.0);
  rope.attn_factor = m.real(prefix + "attn_factor", 0.0, 1e6, 1.0) *
                     m.real(prefix + "yarn_attn_factor", 0.0, 1e6, 1.0);
  rope.beta_fast = m.real(prefix + "yarn_beta_fast", 1e-6, 1e6, 32.0);
  rope.beta_slow = m.real(prefix + "yarn_beta_slow", 1e-6, 1e6, 1.0);
}

std::int64_t read_vocab_size(const sdk::Metadata& m) {
  const auto table = m.tensor("token_embd.weight");
  if (!table || table->size() != 2 || (*table)[0] > static_cast<std::uint64_t>(kMaxVocab))
    fail(ErrorCode::kBadFile,
         "token_embd.weight: the tensor is missing or no matrix; the file is no complete model");
  return static_cast<std::int64_t>((*table)[0]);
}

}  // namespace

Config read_config(const sdk::Metadata& m, const std::string& family) {
  const std::string prefix = family + ".";
  Config c;
  c.n_layers = static_cast<std::uint32_t>(m.integer(prefix + "block_count", 1, kMaxLayers));
  c.context_length = m.integer(prefix + "context_length", 1, INT32_MAX);
  c.model_dim = m.integer(prefix + "embedding_length", 1, kMaxDim);
  c.ff_dim = m.integer(prefix + "feed_forward_length", 1, kMaxDim);
  c.norm_eps = m.real(prefix + "attention.layer_norm_rms_epsilon", 0.0, 1.0);
  c.vocab_size = read_vocab_size(m);
  c.has_head_norms = family == "qwen3";
  c.attention = read_attention(m, prefix + "attention.", c.model_dim);
  c.slides = read_slides(m, prefix + "attention.", c.n_layers);
  c.rope.head_dim = c.rope.n_rotary = c.attention.head_dim;
  c.rope.layout = sdk::RopeLayout::kHalves;
  c.rope.base = m.real(prefix + "rope.freq_base", 1.0, 1e15, 10000.0);
  read_scaling(m, prefix + "rope.scaling.", c.context_length, c.rope);
  return c;
}

std::unique_ptr<sdk::Architecture> make_architecture(const std::string& family) {
  return std::make_unique<QwenArchitecture>(family);
}

}  // namespace qwen

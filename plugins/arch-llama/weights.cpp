// The tensors of a LLaMA model: shapes, roles for recipes, and their names in a Hugging Face
// checkpoint.
#include "config.h"

namespace wick::llama {
namespace {

using Dims = std::vector<std::uint64_t>;

std::uint64_t as(std::int64_t n) {
  return static_cast<std::uint64_t>(n);
}

/// Adds the tensors of one layer.
class LayerTensors {
 public:
  LayerTensors(std::vector<sdk::TensorDecl>& all, std::uint32_t layer) : all_(all), layer_(layer) {}

  void norm(const char* name, std::uint64_t dim, const char* source) {
    add(std::string(name) + ".weight", {dim}, "norm", std::string(source) + ".weight");
  }
  /// A matrix and the bias that some models of the family have. Checkpoints rotate halves, GGUF
  /// files of this architecture neighbours: rows of q and k are interleaved head by head.
  void matrix(const std::string& role, Dims dims, const std::string& source,
              const std::string& transform = "") {
    const std::uint64_t rows = dims[0];
    add(role + ".weight", std::move(dims), role, source + ".weight").transform = transform;
    sdk::TensorDecl& bias = add(role + ".bias", {rows}, "bias", source + ".bias");
    bias.transform = transform;
    bias.optional = true;
  }

 private:
  sdk::TensorDecl& add(const std::string& name, Dims dims, const std::string& role,
                       const std::string& source) {
    sdk::TensorDecl decl;
    decl.name = "blk." + std::to_string(layer_) + "." + name;
    decl.dims = std::move(dims);
    decl.role = role;
    decl.source = "model.layers." + std::to_string(layer_) + "." + source;
    decl.layer = static_cast<std::int32_t>(layer_);
    all_.push_back(std::move(decl));
    return all_.back();
  }

  std::vector<sdk::TensorDecl>& all_;
  std::uint32_t layer_;
};

void list_layer(const Config& c, std::uint32_t i, std::vector<sdk::TensorDecl>& all) {
  const sdk::AttentionConfig& a = c.attention;
  const std::uint64_t dim = as(c.model_dim), ff = as(c.ff_dim);
  LayerTensors layer(all, i);
  layer.norm("attn_norm", dim, "input_layernorm");
  layer.matrix("attn_q", {as(a.n_heads * a.head_dim), dim}, "self_attn.q_proj",
               "rope_interleave:" + std::to_string(a.n_heads));
  layer.matrix("attn_k", {as(a.n_kv_heads * a.head_dim), dim}, "self_attn.k_proj",
               "rope_interleave:" + std::to_string(a.n_kv_heads));
  layer.matrix("attn_v", {as(a.n_kv_heads * a.value_dim), dim}, "self_attn.v_proj");
  layer.matrix("attn_output", {dim, as(a.n_heads * a.value_dim)}, "self_attn.o_proj");
  layer.norm("ffn_norm", dim, "post_attention_layernorm");
  layer.matrix("ffn_gate", {ff, dim}, "mlp.gate_proj");
  layer.matrix("ffn_up", {ff, dim}, "mlp.up_proj");
  layer.matrix("ffn_down", {dim, ff}, "mlp.down_proj");
}

}  // namespace

std::vector<sdk::TensorDecl> list_tensors(const Config& c) {
  const std::uint64_t dim = as(c.model_dim), vocab = as(c.vocab_size);
  std::vector<sdk::TensorDecl> all;
  all.push_back({"token_embd.weight", {vocab, dim}, "token_embd", "model.embed_tokens.weight"});
  for (std::uint32_t i = 0; i < c.n_layers; ++i) list_layer(c, i, all);
  all.push_back({"output_norm.weight", {dim}, "norm", "model.norm.weight"});
  all.push_back({"output.weight", {vocab, dim}, "output", "lm_head.weight", "", -1, true});
  all.push_back({"rope_freqs.weight", {as(c.rope.n_rotary) / 2}, "rope_freqs", "", "", -1, true});
  return all;
}

}  // namespace wick::llama

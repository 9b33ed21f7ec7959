// The tensors of a Qwen model: shapes, roles for recipes, and their names in a Hugging Face
// checkpoint.
#include "config.h"

namespace qwen {
namespace {

using Dims = std::vector<std::uint64_t>;

std::uint64_t as(std::int64_t n) {
  return static_cast<std::uint64_t>(n);
}

/// Adds tensors of one layer; `name` is followed by ".weight" or ".bias", in both worlds.
struct LayerTensors {
  std::vector<sdk::TensorDecl>& all;
  std::uint32_t index;

  void add(const std::string& name, const std::string& kind, Dims dims, const std::string& role,
           const std::string& source) {
    const std::string i = std::to_string(index);
    all.push_back({"blk." + i + "." + name + kind, std::move(dims), role,
                   "model.layers." + i + "." + source + kind, "",
                   static_cast<std::int32_t>(index)});
  }
  void norm(const std::string& name, std::int64_t dim, const std::string& source) {
    add(name, ".weight", {as(dim)}, "norm", source);
  }
  void matrix(const std::string& name, std::int64_t rows, std::int64_t cols,
              const std::string& source) {
    add(name, ".weight", {as(rows), as(cols)}, name, source);
  }
  void bias(const std::string& name, std::int64_t rows, const std::string& source) {
    add(name, ".bias", {as(rows)}, "bias", source);
  }
};

void list_attention(const Config& c, LayerTensors& layer) {
  const sdk::AttentionConfig& a = c.attention;
  const std::int64_t q = a.n_heads * a.head_dim, k = a.n_kv_heads * a.head_dim,
                     v = a.n_kv_heads * a.value_dim;
  layer.matrix("attn_q", q, c.model_dim, "self_attn.q_proj");
  layer.matrix("attn_k", k, c.model_dim, "self_attn.k_proj");
  layer.matrix("attn_v", v, c.model_dim, "self_attn.v_proj");
  layer.matrix("attn_output", c.model_dim, a.n_heads * a.value_dim, "self_attn.o_proj");
  if (c.has_head_norms) {
    layer.norm("attn_q_norm", a.head_dim, "self_attn.q_norm");
    layer.norm("attn_k_norm", a.head_dim, "self_attn.k_norm");
  }
  const std::size_t first_bias = layer.all.size();
  layer.bias("attn_q", q, "self_attn.q_proj");
  layer.bias("attn_k", k, "self_attn.k_proj");
  layer.bias("attn_v", v, "self_attn.v_proj");
  // Qwen2 always has them; Qwen3's configuration can.
  for (std::size_t i = first_bias; i < layer.all.size(); ++i)
    layer.all[i].optional = c.has_head_norms;
}

}  // namespace

std::vector<sdk::TensorDecl> list_tensors(const Config& c) {
  const std::uint64_t dim = as(c.model_dim), vocab = as(c.vocab_size);
  std::vector<sdk::TensorDecl> all;
  all.push_back({"token_embd.weight", {vocab, dim}, "token_embd", "model.embed_tokens.weight"});
  for (std::uint32_t i = 0; i < c.n_layers; ++i) {
    LayerTensors layer{all, i};
    layer.norm("attn_norm", c.model_dim, "input_layernorm");
    list_attention(c, layer);
    layer.norm("ffn_norm", c.model_dim, "post_attention_layernorm");
    layer.matrix("ffn_gate", c.ff_dim, c.model_dim, "mlp.gate_proj");
    layer.matrix("ffn_up", c.ff_dim, c.model_dim, "mlp.up_proj");
    layer.matrix("ffn_down", c.model_dim, c.ff_dim, "mlp.down_proj");
  }
  all.push_back({"output_norm.weight", {dim}, "norm", "model.norm.weight"});
  all.push_back({"output.weight", {vocab, dim}, "output", "lm_head.weight", "", -1, true});
  return all;
}

}  // namespace qwen

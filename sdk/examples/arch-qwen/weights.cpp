// The tensors of a Qwen model: shapes, roles for recipes, and their names in a Hugging Face
// checkpoint.
#include "config.h"

namespace qwen {
namespace {

using sdk::as_dim;

void list_layer(const Config& c, std::uint32_t i, std::vector<sdk::TensorDecl>& all) {
  const sdk::AttentionConfig& a = c.attention;
  const std::uint64_t dim = as_dim(c.model_dim), ff = as_dim(c.ff_dim);
  sdk::LayerTensors layer(all, i);
  layer.norm("attn_norm", c.model_dim, "input_layernorm");
  layer.matrix_with_bias("attn_q", {as_dim(a.n_heads * a.head_dim), dim}, "self_attn.q_proj");
  layer.matrix_with_bias("attn_k", {as_dim(a.n_kv_heads * a.head_dim), dim}, "self_attn.k_proj");
  layer.matrix_with_bias("attn_v", {as_dim(a.n_kv_heads * a.value_dim), dim}, "self_attn.v_proj");
  if (c.is_qwen3) {
    layer.norm("attn_q_norm", a.head_dim, "self_attn.q_norm");
    layer.norm("attn_k_norm", a.head_dim, "self_attn.k_norm");
  }
  layer.weight("attn_output", {dim, as_dim(a.n_heads * a.value_dim)}, "attn_output",
               "self_attn.o_proj");
  layer.norm("ffn_norm", c.model_dim, "post_attention_layernorm");
  layer.weight("ffn_gate", {ff, dim}, "ffn_gate", "mlp.gate_proj");
  layer.weight("ffn_up", {ff, dim}, "ffn_up", "mlp.up_proj");
  layer.weight("ffn_down", {dim, ff}, "ffn_down", "mlp.down_proj");
}

}  // namespace

std::vector<sdk::TensorDecl> list_tensors(const Config& c) {
  const std::uint64_t dim = as_dim(c.model_dim), vocab = as_dim(c.vocab_size);
  std::vector<sdk::TensorDecl> all;
  all.push_back({"token_embd.weight", {vocab, dim}, "token_embd", "model.embed_tokens.weight"});
  for (std::uint32_t i = 0; i < c.n_layers; ++i) list_layer(c, i, all);
  // A Qwen2 file without its biases is damaged; a Qwen3 model may have some.
  for (sdk::TensorDecl& tensor : all)
    if (tensor.role == "bias") tensor.optional = c.is_qwen3;
  all.push_back({"output_norm.weight", {dim}, "norm", "model.norm.weight"});
  all.push_back({"output.weight", {vocab, dim}, "output", "lm_head.weight", "", -1, true});
  return all;
}

}  // namespace qwen

// The tensors of a LLaMA model: shapes, roles for recipes, and their names in a Hugging Face
// checkpoint.
#include "config.h"

namespace wick::llama {
namespace {

using sdk::as_dim;

// Checkpoints rotate halves, GGUF files of this architecture neighbours: rows of q and k are
// interleaved head by head, as far as they turn.
std::string interleave(std::int64_t n_heads, const sdk::RopeConfig& rope) {
  const std::string whole = "rope_interleave:" + std::to_string(n_heads);
  return rope.n_rotary == rope.head_dim ? whole : whole + ":" + std::to_string(rope.n_rotary);
}

void list_layer(const Config& c, std::uint32_t i, std::vector<sdk::TensorDecl>& all) {
  const sdk::AttentionConfig& a = c.attention;
  const std::uint64_t dim = as_dim(c.model_dim), ff = as_dim(c.ff_dim);
  sdk::LayerTensors layer(all, i);
  layer.norm("attn_norm", c.model_dim, "input_layernorm");
  layer.matrix_with_bias("attn_q", {as_dim(a.n_heads * a.head_dim), dim}, "self_attn.q_proj",
                         interleave(a.n_heads, c.rope));
  layer.matrix_with_bias("attn_k", {as_dim(a.n_kv_heads * a.head_dim), dim}, "self_attn.k_proj",
                         interleave(a.n_kv_heads, c.rope));
  layer.matrix_with_bias("attn_v", {as_dim(a.n_kv_heads * a.value_dim), dim}, "self_attn.v_proj");
  layer.matrix_with_bias("attn_output", {dim, as_dim(a.n_heads * a.value_dim)}, "self_attn.o_proj");
  layer.norm("ffn_norm", c.model_dim, "post_attention_layernorm");
  layer.matrix_with_bias("ffn_gate", {ff, dim}, "mlp.gate_proj");
  layer.matrix_with_bias("ffn_up", {ff, dim}, "mlp.up_proj");
  layer.matrix_with_bias("ffn_down", {dim, ff}, "mlp.down_proj");
}

}  // namespace

std::vector<sdk::TensorDecl> list_tensors(const Config& c) {
  const std::uint64_t dim = as_dim(c.model_dim), vocab = as_dim(c.vocab_size);
  std::vector<sdk::TensorDecl> all;
  all.push_back({"token_embd.weight", {vocab, dim}, "token_embd", "model.embed_tokens.weight"});
  for (std::uint32_t i = 0; i < c.n_layers; ++i) list_layer(c, i, all);
  all.push_back({"output_norm.weight", {dim}, "norm", "model.norm.weight"});
  all.push_back({"output.weight", {vocab, dim}, "output", "lm_head.weight", "", -1, true});
  all.push_back(
      {"rope_freqs.weight", {as_dim(c.rope.n_rotary) / 2}, "rope_freqs", "", "", -1, true});
  return all;
}

}  // namespace wick::llama

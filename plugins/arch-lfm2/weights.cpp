// The tensors of an LFM2 model: shapes, roles for recipes, and their names in a Hugging Face
// checkpoint.
#include "config.h"

namespace wick::lfm2 {
namespace {

using sdk::as_dim, sdk::LayerTensors;

void list_attention(const Config& c, std::uint32_t i, LayerTensors& layer) {
  const sdk::AttentionConfig& a = c.attention;
  const std::uint64_t dim = as_dim(c.model_dim), n_kv = as_dim(c.n_kv_heads[i]);
  layer.weight("attn_q", {as_dim(a.n_heads * a.head_dim), dim}, "attn_q", "self_attn.q_proj");
  layer.weight("attn_k", {n_kv * as_dim(a.head_dim), dim}, "attn_k", "self_attn.k_proj");
  layer.weight("attn_v", {n_kv * as_dim(a.value_dim), dim}, "attn_v", "self_attn.v_proj");
  layer.weight("attn_output", {dim, as_dim(a.n_heads * a.value_dim)}, "attn_output",
               "self_attn.out_proj");
  layer.norm("attn_q_norm", a.head_dim, "self_attn.q_layernorm");
  layer.norm("attn_k_norm", a.head_dim, "self_attn.k_layernorm");
}

void list_convolution(const Config& c, LayerTensors& layer) {
  const std::uint64_t dim = as_dim(c.model_dim);
  layer.weight("shortconv.in_proj", {3 * dim, dim}, "shortconv_in", "conv.in_proj");
  // Checkpoints keep the kernel as [channels, 1, width].
  layer.weight("shortconv.conv", {dim, as_dim(c.conv_width)}, "shortconv_kernel", "conv.conv",
               "squeeze");
  layer.weight("shortconv.out_proj", {dim, dim}, "shortconv_out", "conv.out_proj");
}

void list_dense(const Config& c, LayerTensors& layer) {
  const std::uint64_t dim = as_dim(c.model_dim), ff = as_dim(c.ff_dim);
  layer.weight("ffn_gate", {ff, dim}, "ffn_gate", "feed_forward.w1");
  layer.weight("ffn_up", {ff, dim}, "ffn_up", "feed_forward.w3");
  layer.weight("ffn_down", {dim, ff}, "ffn_down", "feed_forward.w2");
}

/// A checkpoint has a matrix for each expert, which are stacked in order: `*` is its number.
void list_experts(const Config& c, LayerTensors& layer) {
  const std::uint64_t dim = as_dim(c.model_dim), ff = as_dim(c.experts.ff_dim),
                      n = as_dim(c.experts.n_experts);
  const std::string source = "feed_forward.experts.*.", stack = "stack_experts";
  layer.weight("ffn_gate_inp", {n, dim}, "ffn_gate_inp", "feed_forward.gate");
  layer.optional_vector("exp_probs_b.bias", n, "feed_forward.expert_bias");
  layer.weight("ffn_gate_exps", {n, ff, dim}, "ffn_gate_exps", source + "w1", stack);
  layer.weight("ffn_up_exps", {n, ff, dim}, "ffn_up_exps", source + "w3", stack);
  layer.weight("ffn_down_exps", {n, dim, ff}, "ffn_down_exps", source + "w2", stack);
}

}  // namespace

std::vector<sdk::TensorDecl> list_tensors(const Config& c) {
  const std::uint64_t dim = as_dim(c.model_dim), vocab = as_dim(c.vocab_size);
  std::vector<sdk::TensorDecl> all;
  all.push_back({"token_embd.weight", {vocab, dim}, "token_embd", "model.embed_tokens.weight"});
  for (std::uint32_t i = 0; i < c.n_layers; ++i) {
    LayerTensors layer(all, i);
    layer.norm("attn_norm", c.model_dim, "operator_norm");
    c.is_conv(i) ? list_convolution(c, layer) : list_attention(c, i, layer);
    layer.norm("ffn_norm", c.model_dim, "ffn_norm");
    c.has_experts(i) ? list_experts(c, layer) : list_dense(c, layer);
  }
  all.push_back({"token_embd_norm.weight", {dim}, "norm", "model.embedding_norm.weight"});
  all.push_back({"output.weight", {vocab, dim}, "output", "lm_head.weight", "", -1, true});
  return all;
}

}  // namespace wick::lfm2

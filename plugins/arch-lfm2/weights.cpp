// The tensors of an LFM2 model: shapes, roles for recipes, and their names in a Hugging Face
// checkpoint.
#include "config.h"

namespace wick::lfm2 {
namespace {

using Dims = std::vector<std::uint64_t>;

std::uint64_t as(std::int64_t n) {
  return static_cast<std::uint64_t>(n);
}

/// Adds the tensors of one layer.
class LayerTensors {
 public:
  LayerTensors(std::vector<sdk::TensorDecl>& all, std::uint32_t layer) : all_(all), layer_(layer) {}

  void add(const std::string& name, Dims dims, const std::string& role, const std::string& source,
           const std::string& transform = "") {
    const std::string number = std::to_string(layer_);
    all_.push_back({"blk." + number + "." + name + ".weight", std::move(dims), role,
                    "model.layers." + number + "." + source + ".weight", transform,
                    static_cast<std::int32_t>(layer_)});
  }

 private:
  std::vector<sdk::TensorDecl>& all_;
  std::uint32_t layer_;
};

void list_attention(const Config& c, std::uint32_t i, LayerTensors& layer) {
  const sdk::AttentionConfig& a = c.attention;
  const std::uint64_t dim = as(c.model_dim), n_kv = as(c.n_kv_heads[i]);
  layer.add("attn_q", {as(a.n_heads * a.head_dim), dim}, "attn_q", "self_attn.q_proj");
  layer.add("attn_k", {n_kv * as(a.head_dim), dim}, "attn_k", "self_attn.k_proj");
  layer.add("attn_v", {n_kv * as(a.value_dim), dim}, "attn_v", "self_attn.v_proj");
  layer.add("attn_output", {dim, as(a.n_heads * a.value_dim)}, "attn_output", "self_attn.out_proj");
  layer.add("attn_q_norm", {as(a.head_dim)}, "norm", "self_attn.q_layernorm");
  layer.add("attn_k_norm", {as(a.head_dim)}, "norm", "self_attn.k_layernorm");
}

void list_convolution(const Config& c, LayerTensors& layer) {
  const std::uint64_t dim = as(c.model_dim);
  layer.add("shortconv.in_proj", {3 * dim, dim}, "shortconv_in", "conv.in_proj");
  // Checkpoints keep the kernel as [channels, 1, width].
  layer.add("shortconv.conv", {dim, as(c.conv_width)}, "shortconv_kernel", "conv.conv", "squeeze");
  layer.add("shortconv.out_proj", {dim, dim}, "shortconv_out", "conv.out_proj");
}

}  // namespace

std::vector<sdk::TensorDecl> list_tensors(const Config& c) {
  const std::uint64_t dim = as(c.model_dim), ff = as(c.ff_dim), vocab = as(c.vocab_size);
  std::vector<sdk::TensorDecl> all;
  all.push_back({"token_embd.weight", {vocab, dim}, "token_embd", "model.embed_tokens.weight"});
  for (std::uint32_t i = 0; i < c.n_layers; ++i) {
    LayerTensors layer(all, i);
    layer.add("attn_norm", {dim}, "norm", "operator_norm");
    c.is_conv(i) ? list_convolution(c, layer) : list_attention(c, i, layer);
    layer.add("ffn_norm", {dim}, "norm", "ffn_norm");
    layer.add("ffn_gate", {ff, dim}, "ffn_gate", "feed_forward.w1");
    layer.add("ffn_up", {ff, dim}, "ffn_up", "feed_forward.w3");
    layer.add("ffn_down", {dim, ff}, "ffn_down", "feed_forward.w2");
  }
  all.push_back({"token_embd_norm.weight", {dim}, "norm", "model.embedding_norm.weight"});
  all.push_back({"output.weight", {vocab, dim}, "output", "lm_head.weight", "", -1, true});
  return all;
}

}  // namespace wick::lfm2

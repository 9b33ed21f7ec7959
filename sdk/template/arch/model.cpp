// Reads and checks the config, lists the tensors, writes the graph once for any number of tokens.
#include "model.h"

#include <cmath>

namespace template_name_plugin {
namespace {

namespace sdk = wick::sdk;
using sdk::as_dim;
using sdk::Layer;
using sdk::Value;

const char kPrefix[] = "template-name.";

sdk::AttentionConfig read_attention(const sdk::Metadata& m, std::int64_t model_dim) {
  const std::string prefix = std::string(kPrefix) + "attention.";
  sdk::AttentionConfig a;
  a.n_heads = m.integer(prefix + "head_count", 1, sdk::kMaxHeads);
  a.n_kv_heads = m.integer(prefix + "head_count_kv", 1, a.n_heads, a.n_heads);
  if (model_dim % (2 * a.n_heads) != 0 || a.n_heads % a.n_kv_heads != 0)
    wick::fail(wick::ErrorCode::kBadFile, prefix, "head_count: heads do not divide the model, got ",
               a.n_heads, " and ", a.n_kv_heads, " of keys, need divisors of ", model_dim / 2);
  a.head_dim = a.value_dim = model_dim / a.n_heads;
  a.scale = 1.0 / std::sqrt(static_cast<double>(a.head_dim));
  return a;
}

void list_layer(const Config& c, std::uint32_t i, std::vector<sdk::TensorDecl>& all) {
  const sdk::AttentionConfig& a = c.attention;
  const std::uint64_t dim = as_dim(c.model_dim), ff = as_dim(c.ff_dim);
  const std::uint64_t kv_dim = as_dim(a.n_kv_heads * a.head_dim);
  sdk::LayerTensors layer(all, i);
  layer.norm("attn_norm", c.model_dim, "input_layernorm");
  layer.weight("attn_q", {dim, dim}, "attn_q", "self_attn.q_proj");
  layer.weight("attn_k", {kv_dim, dim}, "attn_k", "self_attn.k_proj");
  layer.weight("attn_v", {kv_dim, dim}, "attn_v", "self_attn.v_proj");
  layer.weight("attn_output", {dim, dim}, "attn_output", "self_attn.o_proj");
  layer.norm("ffn_norm", c.model_dim, "post_attention_layernorm");
  layer.weight("ffn_gate", {ff, dim}, "ffn_gate", "mlp.gate_proj");
  layer.weight("ffn_up", {ff, dim}, "ffn_up", "mlp.up_proj");
  layer.weight("ffn_down", {dim, ff}, "ffn_down", "mlp.down_proj");
}

Value attention(const Layer& layer, Value x, const Config& c) {
  const Value q = layer.rope(layer.matmul("attn_q.weight", x), c.rope);
  const Value k = layer.rope(layer.matmul("attn_k.weight", x), c.rope);
  const Value v = layer.matmul("attn_v.weight", x);
  return layer.matmul("attn_output.weight", layer.attention(q, k, v, c.attention));
}

Value feed_forward(const Layer& layer, Value x) {
  const Value gate = layer.matmul("ffn_gate.weight", x);
  const Value up = layer.matmul("ffn_up.weight", x);
  return layer.matmul("ffn_down.weight", layer.swiglu(gate, up));
}

}  // namespace

Config read_config(const sdk::Metadata& m) {
  const std::string prefix = kPrefix;
  Config c;
  c.n_layers = static_cast<std::uint32_t>(m.integer(prefix + "block_count", 1, sdk::kMaxLayers));
  c.context_length = m.integer(prefix + "context_length", 1, INT32_MAX);
  c.model_dim = m.integer(prefix + "embedding_length", 1, sdk::kMaxDim);
  c.ff_dim = m.integer(prefix + "feed_forward_length", 1, sdk::kMaxDim);
  c.norm_eps = m.real(prefix + "attention.layer_norm_rms_epsilon", 0.0, 1.0);
  c.vocab_size = sdk::read_vocab_size(m, "template-name");
  c.attention = read_attention(m, c.model_dim);
  c.rope.head_dim = c.rope.n_rotary = c.attention.head_dim;
  c.rope.layout = sdk::RopeLayout::kHalves;
  c.rope.base = m.real(prefix + "rope.freq_base", 1.0, 1e15, 10000.0);
  sdk::read_rope_scaling(m, "template-name", c.context_length, c.rope);
  return c;
}

std::vector<sdk::TensorDecl> list_tensors(const Config& c) {
  const std::uint64_t dim = as_dim(c.model_dim), vocab = as_dim(c.vocab_size);
  std::vector<sdk::TensorDecl> all;
  all.push_back({"token_embd.weight", {vocab, dim}, "token_embd", "model.embed_tokens.weight"});
  for (std::uint32_t i = 0; i < c.n_layers; ++i) list_layer(c, i, all);
  all.push_back({"output_norm.weight", {dim}, "norm", "model.norm.weight"});
  all.push_back({"output.weight", {vocab, dim}, "output", "lm_head.weight", "", -1, true});
  return all;
}

void build_graph(const Config& c, const sdk::GraphBuilder& g) {
  Value x = g.embed("token_embd.weight");
  for (const Layer& layer : g.layers(c.n_layers)) {
    x = layer.add(x, attention(layer, layer.rms_norm(x, "attn_norm.weight", c.norm_eps), c));
    x = layer.add(x, feed_forward(layer, layer.rms_norm(x, "ffn_norm.weight", c.norm_eps)));
  }
  x = g.rms_norm(g.select_rows(x), "output_norm.weight", c.norm_eps);
  const bool tied = !g.weight("output.weight");
  g.logits(g.matmul(tied ? "token_embd.weight" : "output.weight", x));
}

}  // namespace template_name_plugin

// The graph of an LFM2 model: gated short convolutions, and attention in some layers. Source:
// Liquid AI's LFM2 as published in Hugging Face transformers (modeling_lfm2, modeling_lfm2_moe).
#include "config.h"

namespace wick::lfm2 {
namespace {

using sdk::Layer;
using sdk::Value;

Value attention(const Layer& layer, Value x, const Config& c, std::int64_t n_kv_heads) {
  sdk::AttentionConfig heads = c.attention;
  heads.n_kv_heads = n_kv_heads;
  Value q = layer.rms_norm(layer.matmul("attn_q.weight", x), "attn_q_norm.weight", c.norm_eps);
  Value k = layer.rms_norm(layer.matmul("attn_k.weight", x), "attn_k_norm.weight", c.norm_eps);
  const Value v = layer.matmul("attn_v.weight", x);
  q = layer.rope(q, c.rope);
  k = layer.rope(k, c.rope);
  return layer.matmul("attn_output.weight", layer.attention(q, k, v, heads));
}

/// The projection is three gates side by side: what goes into the convolution, what its result is
/// multiplied with, and x.
Value convolution(const Layer& layer, Value x, const Config& c) {
  const Value parts = layer.matmul("shortconv.in_proj.weight", x);
  const Value before = layer.slice(parts, 0, c.model_dim),
              behind = layer.slice(parts, c.model_dim, c.model_dim);
  const Value input = layer.mul(before, layer.slice(parts, 2 * c.model_dim, c.model_dim));
  const Value mixed = layer.short_conv(input, "shortconv.conv.weight", c.conv_width, c.model_dim);
  return layer.matmul("shortconv.out_proj.weight", layer.mul(behind, mixed));
}

Value feed_forward(const Layer& layer, Value x) {
  return layer.matmul("ffn_down.weight", layer.swiglu(layer.matmul("ffn_gate.weight", x),
                                                      layer.matmul("ffn_up.weight", x)));
}

/// The bias chooses experts and does not weigh them.
Value mixture(const Layer& layer, Value x, const Config& c) {
  const Value routes = layer.route(layer.matmul("ffn_gate_inp.weight", x), c.experts.route,
                                   layer.weight("exp_probs_b.bias"));
  const Value gate = layer.matmul_experts("ffn_gate_exps.weight", x, routes);
  const Value up = layer.matmul_experts("ffn_up_exps.weight", x, routes);
  const Value each = layer.swiglu(gate, up);
  return layer.combine(layer.matmul_experts("ffn_down_exps.weight", each, routes), routes);
}

}  // namespace

void build_graph(const Config& c, const sdk::GraphBuilder& g) {
  Value x = g.embed("token_embd.weight");
  for (std::uint32_t i = 0; i < c.n_layers; ++i) {
    const Layer layer = g.layer(i);
    const Value normed = layer.rms_norm(x, "attn_norm.weight", c.norm_eps);
    x = layer.add(x, c.is_conv(i) ? convolution(layer, normed, c)
                                  : attention(layer, normed, c, c.n_kv_heads[i]));
    const Value mixed = layer.rms_norm(x, "ffn_norm.weight", c.norm_eps);
    x = layer.add(x, c.has_experts(i) ? mixture(layer, mixed, c) : feed_forward(layer, mixed));
  }
  x = g.rms_norm(g.select_rows(x), "token_embd_norm.weight", c.norm_eps);
  const bool tied = !g.weight("output.weight");
  g.logits(g.matmul(tied ? "token_embd.weight" : "output.weight", x));
}

}  // namespace wick::lfm2

// The graph of a LLaMA model (Touvron et al., 2023, arXiv 2302.13971; grouped queries from
// 2307.09288).
#include "config.h"

namespace wick::llama {
namespace {

using sdk::Layer;
using sdk::Value;

Value attention(const Layer& layer, Value x, const Config& c, Value factors) {
  const Value q = layer.rope(layer.matmul("attn_q.weight", x, "attn_q.bias"), c.rope, factors);
  const Value k = layer.rope(layer.matmul("attn_k.weight", x, "attn_k.bias"), c.rope, factors);
  const Value v = layer.matmul("attn_v.weight", x, "attn_v.bias");
  return layer.matmul("attn_output.weight", layer.attention(q, k, v, c.attention),
                      "attn_output.bias");
}

Value feed_forward(const Layer& layer, Value x) {
  const Value gate = layer.matmul("ffn_gate.weight", x, "ffn_gate.bias");
  const Value up = layer.matmul("ffn_up.weight", x, "ffn_up.bias");
  return layer.matmul("ffn_down.weight", layer.swiglu(gate, up), "ffn_down.bias");
}

}  // namespace

void build_graph(const Config& c, const sdk::GraphBuilder& g) {
  const Value factors = g.weight("rope_freqs.weight");
  Value x = g.embed("token_embd.weight");
  for (const Layer& layer : g.layers(c.n_layers)) {
    const Value normed = layer.rms_norm(x, "attn_norm.weight", c.norm_eps);
    x = layer.add(x, attention(layer, normed, c, factors));
    x = layer.add(x, feed_forward(layer, layer.rms_norm(x, "ffn_norm.weight", c.norm_eps)));
  }
  x = g.rms_norm(g.select_rows(x), "output_norm.weight", c.norm_eps);
  const bool tied = !g.weight("output.weight");
  g.logits(g.matmul(tied ? "token_embd.weight" : "output.weight", x));
}

}  // namespace wick::llama

// The graph of a Qwen model (Qwen2: arXiv 2407.10671, with biases of q, k and v; Qwen3: arXiv
// 2505.09388, with norms of q and k instead).
#include "config.h"

namespace qwen {
namespace {

using sdk::Layer;
using sdk::Value;

Value attention(const Layer& layer, Value x, const Config& c, bool slides) {
  Value q = layer.matmul("attn_q.weight", x, "attn_q.bias");
  Value k = layer.matmul("attn_k.weight", x, "attn_k.bias");
  const Value v = layer.matmul("attn_v.weight", x, "attn_v.bias");
  if (c.is_qwen3) {
    q = layer.rms_norm(q, "attn_q_norm.weight", c.norm_eps);
    k = layer.rms_norm(k, "attn_k_norm.weight", c.norm_eps);
  }
  sdk::AttentionConfig heads = c.attention;
  if (!slides) heads.window = 0;
  const Value mixed = layer.attention(layer.rope(q, c.rope), layer.rope(k, c.rope), v, heads);
  return layer.matmul("attn_output.weight", mixed);
}

Value feed_forward(const Layer& layer, Value x) {
  return layer.matmul("ffn_down.weight", layer.swiglu(layer.matmul("ffn_gate.weight", x),
                                                      layer.matmul("ffn_up.weight", x)));
}

}  // namespace

void build_graph(const Config& c, const sdk::GraphBuilder& g) {
  Value x = g.embed("token_embd.weight");
  for (std::uint32_t i = 0; i < c.n_layers; ++i) {
    const Layer layer = g.layer(i);
    const Value normed = layer.rms_norm(x, "attn_norm.weight", c.norm_eps);
    x = layer.add(x, attention(layer, normed, c, c.slides[i]));
    x = layer.add(x, feed_forward(layer, layer.rms_norm(x, "ffn_norm.weight", c.norm_eps)));
  }
  x = g.rms_norm(g.select_rows(x), "output_norm.weight", c.norm_eps);
  const bool tied = !g.weight("output.weight");
  g.logits(g.matmul(tied ? "token_embd.weight" : "output.weight", x));
}

}  // namespace qwen

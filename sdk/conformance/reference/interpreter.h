// Runs a graph with the reference ops, one node after the other. The oracle of the kit, and a whole
// backend where speed is no matter.
#pragma once

#include "conformance/reference/add.h"
#include "conformance/reference/attention.h"
#include "conformance/reference/combine.h"
#include "conformance/reference/embed.h"
#include "conformance/reference/gelu.h"
#include "conformance/reference/layer_norm.h"
#include "conformance/reference/matmul.h"
#include "conformance/reference/matmul_experts.h"
#include "conformance/reference/mul.h"
#include "conformance/reference/rms_norm.h"
#include "conformance/reference/rope.h"
#include "conformance/reference/route.h"
#include "conformance/reference/scale.h"
#include "conformance/reference/select_rows.h"
#include "conformance/reference/short_conv.h"
#include "conformance/reference/silu.h"
#include "conformance/reference/slice.h"
#include "conformance/reference/softcap.h"
#include "conformance/reference/swiglu.h"
#include "conformance/reference/top_k.h"

#include <wick/sdk/graph_view.h>

#include <cstddef>
#include <vector>

namespace wick::reference {

/// State of all layers; each entry uses one of the two.
struct States {
  std::vector<KvState> kv;
  std::vector<ConvState> conv;

  States(const sdk::GraphView& graph, std::size_t n_blocks) { resize(graph, n_blocks); }
  /// Keeps the contents of the blocks that stay.
  void resize(const sdk::GraphView& graph, std::size_t n_blocks) {
    const auto fit = [](Matrix& m, std::size_t rows, std::size_t width) {
      m.n_rows = rows;
      m.width = width;
      m.values.resize(rows * width);
    };
    kv.resize(graph.states().size());
    conv.resize(graph.states().size());
    for (std::size_t i = 0; i < graph.states().size(); ++i) {
      const sdk::GraphState& s = graph.states()[i];
      if (s.kind == "kv") {
        fit(kv[i].keys, n_blocks * WICK_BLOCK_TOKENS, s.a * s.b);
        fit(kv[i].values, n_blocks * WICK_BLOCK_TOKENS, s.a * s.c);
      } else {
        fit(conv[i].snapshots, n_blocks * (s.a - 1), s.b);
      }
    }
  }
};

inline RopeParameters rope_parameters(const sdk::GraphView& g, const sdk::GraphNode& n) {
  RopeParameters p;
  p.head_dim = g.integer(n, "head_dim", p.head_dim);
  p.n_rotary = g.integer(n, "n_rotary", p.head_dim);
  p.layout = g.integer(n, "layout", p.layout);
  p.original_context = g.integer(n, "original_context", p.original_context);
  p.base = g.real(n, "base", p.base);
  p.scale = g.real(n, "scale", p.scale);
  p.ext_factor = g.real(n, "ext_factor", p.ext_factor);
  p.attn_factor = g.real(n, "attn_factor", p.attn_factor);
  p.beta_fast = g.real(n, "beta_fast", p.beta_fast);
  p.beta_slow = g.real(n, "beta_slow", p.beta_slow);
  return p;
}

inline AttentionParameters attention_parameters(const sdk::GraphView& g, const sdk::GraphNode& n) {
  AttentionParameters a;
  a.n_heads = g.integer(n, "n_heads", 0);
  a.n_kv_heads = g.integer(n, "n_kv_heads", a.n_heads);
  a.head_dim = g.integer(n, "head_dim", 0);
  a.value_dim = g.integer(n, "value_dim", a.head_dim);
  a.window = g.integer(n, "window", a.window);
  a.scale = g.real(n, "scale", a.scale);
  a.softcap = g.real(n, "softcap", a.softcap);
  return a;
}

inline RouteParameters route_parameters(const sdk::GraphView& g, const sdk::GraphNode& n) {
  RouteParameters r;
  r.n_used = g.integer(n, "n_used", r.n_used);
  r.gating = g.integer(n, "gating", r.gating);
  r.normalize = g.integer(n, "normalize", r.normalize);
  r.epsilon = g.real(n, "epsilon", r.epsilon);
  r.scale = g.real(n, "scale", r.scale);
  return r;
}

/// Of the matrix of a matmul_experts@1; other ops have none.
inline std::size_t n_experts(const sdk::GraphView& g, const sdk::GraphNode& n) {
  if (n.op != "matmul_experts@1") return 0;
  return static_cast<std::size_t>(g.values()[n.inputs[2]].dims[0]);
}

/// What a node says beside its inputs; those that an op has not are at their defaults.
struct Attributes {
  RopeParameters rope;
  AttentionParameters attention;
  RouteParameters route;
  std::size_t n_experts = 0;
  double epsilon = 0.0, cap = 0.0, factor = 1.0;
  std::size_t begin = 0, length = 0, k = 0;
};

/// Nothing of the graph is needed once it is made.
class Interpreter {
 public:
  explicit Interpreter(const sdk::GraphView& graph) : nodes_(graph.nodes()) {
    for (const sdk::GraphNode& n : nodes_) {
      Attributes a;
      a.rope = reference::rope_parameters(graph, n);
      a.attention = attention_parameters(graph, n);
      a.route = route_parameters(graph, n);
      a.n_experts = n_experts(graph, n);
      a.epsilon = graph.real(n, "epsilon", a.epsilon);
      a.cap = graph.real(n, "cap", a.cap);
      a.factor = graph.real(n, "factor", a.factor);
      a.begin = static_cast<std::size_t>(graph.integer(n, "begin", 0));
      a.length = static_cast<std::size_t>(graph.integer(n, "length", 0));
      a.k = static_cast<std::size_t>(graph.integer(n, "k", 0));
      attributes_.push_back(a);
    }
  }
  virtual ~Interpreter() = default;
  Interpreter(const Interpreter&) = delete;
  Interpreter& operator=(const Interpreter&) = delete;

  /// `values` has a Matrix for every value of the graph: weights and inputs are filled, this fills
  /// the rest.
  void run(const wick_batch& batch, States& states, std::vector<Matrix>& values) const {
    for (const sdk::GraphNode& node : nodes_) {
      std::vector<const Matrix*> in;
      for (std::uint32_t i : node.inputs) in.push_back(i == WICK_NONE ? nullptr : &values[i]);
      values[node.output] = evaluate(node, in, batch, states);
    }
  }

 protected:
  const Attributes& attributes(const sdk::GraphNode& n) const { return attributes_[n.index]; }

  virtual Matrix evaluate(const sdk::GraphNode& n, const std::vector<const Matrix*>& in,
                          const wick_batch& batch, States& states) const {
    const Attributes& a = attributes(n);
    if (n.op == "embed@1") return embed(*in[0], batch);
    if (n.op == "select_rows@1") return select_rows(*in[0], batch);
    if (n.op == "rope@1") return rope(*in[0], in.size() > 1 ? in[1] : nullptr, a.rope, batch);
    if (n.op == "attention@1")
      return attention(*in[0], *in[1], *in[2], a.attention, states.kv[n.state], batch);
    if (n.op == "short_conv@1") return short_conv(*in[0], *in[1], states.conv[n.state], batch);
    return evaluate_row_wise(n, in);
  }

 private:
  /// Ops that look at no batch and no state.
  Matrix evaluate_row_wise(const sdk::GraphNode& n, const std::vector<const Matrix*>& in) const {
    const Attributes& a = attributes(n);
    if (n.op == "matmul@1") return matmul(*in[0], *in[1]);
    if (n.op == "add@1") return add(*in[0], *in[1]);
    if (n.op == "mul@1") return mul(*in[0], *in[1]);
    if (n.op == "rms_norm@1") return rms_norm(*in[0], *in[1], a.epsilon);
    if (n.op == "layer_norm@1")
      return layer_norm(*in[0], *in[1], in.size() > 2 ? in[2] : nullptr, a.epsilon);
    if (n.op == "swiglu@1") return swiglu(*in[0], *in[1]);
    if (n.op == "silu@1") return silu(*in[0]);
    if (n.op == "gelu@1") return gelu(*in[0]);
    if (n.op == "softcap@1") return softcap(*in[0], a.cap);
    if (n.op == "scale@1") return scale(*in[0], a.factor);
    if (n.op == "route@1") return route(*in[0], in.size() > 1 ? in[1] : nullptr, a.route);
    if (n.op == "matmul_experts@1") return matmul_experts(*in[0], *in[1], *in[2], a.n_experts);
    if (n.op == "combine@1") return combine(*in[0], *in[1]);
    if (n.op == "slice@1") return slice(*in[0], a.begin, a.length);
    if (n.op == "top_k@1") return top_k(*in[0], a.k);
    fail(ErrorCode::kUnavailable, "reference: there is no op ", n.op);
  }

  std::vector<sdk::GraphNode> nodes_;
  std::vector<Attributes> attributes_;
};

}  // namespace wick::reference

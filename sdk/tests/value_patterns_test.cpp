// Gates of two products, and attention with its ropes: found where all is right, and each thing
// that may spoil them alone.
#include <wick/sdk/value_uses.h>

#include "conformance/graph_fixture.h"

#include <gtest/gtest.h>

namespace wick::sdk {
namespace {

using conformance::Integers;
using conformance::NodeSpec;
using conformance::Reals;
using conformance::TestGraph;

/// Values 0 to 6: x, z, two weights, two products of x, and their swiglu@1, which is node 2.
struct Gated {
  explicit Gated(NodeSpec up_spec = {"matmul@1", {0, 3}, 8}) {
    x = graph.input("x", 8), z = graph.input("z", 8);
    const std::uint32_t gate_weight = graph.weight("gate", {8, 8});
    graph.weight("up", {8, 8});
    gate = graph.node({"matmul@1", {x, gate_weight}, 8});
    up = graph.node(up_spec);
    y = graph.node({"swiglu@1", {gate, up}, 8});
  }
  /// Whether both products are found, as gate and up; half a find is none of both.
  bool is_found() const {
    const GraphView view(conformance::graph_api(), graph.handle());
    const ValueUses::Gate found = ValueUses(view).gate_of(view.nodes()[2]);
    EXPECT_EQ(found.gate == nullptr, found.up == nullptr);
    if (!found.gate) return false;
    EXPECT_EQ(found.gate->output, gate);
    EXPECT_EQ(found.up->output, up);
    return true;
  }
  TestGraph graph;
  std::uint32_t x, z, gate, up, y;
};

TEST(Gate, IsTwoProductsOfOneInput) {
  EXPECT_TRUE(Gated().is_found());
  Gated seen;
  seen.graph.output(seen.y, "y");
  EXPECT_TRUE(seen.is_found()) << "what the gate makes may be an output";
  EXPECT_FALSE(Gated({"matmul@1", {1, 3}, 8}).is_found()) << "of another input";
  EXPECT_FALSE(Gated({"silu@1", {0}, 8}).is_found()) << "no product";
  EXPECT_FALSE(Gated({"matmul@1", {}, 8}).is_found()) << "a product of nothing";
}

TEST(Gate, IsNotFusedWhereTheCallerSeesAProduct) {
  Gated gate, up;
  gate.graph.output(gate.gate, "gate");
  EXPECT_FALSE(gate.is_found());
  up.graph.output(up.up, "up");
  EXPECT_FALSE(up.is_found());
}

TEST(Gate, IsNotFusedWhereAnotherNodeReadsAProduct) {
  Gated gate, up;
  gate.graph.node({"silu@1", {gate.gate}, 8});
  EXPECT_FALSE(gate.is_found());
  up.graph.node({"add@1", {up.x, up.up}, 8});
  EXPECT_FALSE(up.is_found());
}

/// Whether the first node of a graph is found to be a gate.
bool first_is_gate(const TestGraph& graph) {
  const GraphView view(conformance::graph_api(), graph.handle());
  return ValueUses(view).gate_of(view.nodes()[0]).gate != nullptr;
}

TEST(Gate, IsASwigluOfTwoActivations) {
  TestGraph graph;
  const std::uint32_t x = graph.input("x", 8);
  graph.node({"swiglu@1", {x, x}, 8});
  EXPECT_FALSE(first_is_gate(graph)) << "inputs";
  TestGraph missing;
  missing.node({"swiglu@1", {missing.input("x", 8), WICK_NONE}, 8});
  EXPECT_FALSE(first_is_gate(missing));
  TestGraph one;
  one.node({"swiglu@1", {one.input("x", 8)}, 8});
  EXPECT_FALSE(first_is_gate(one));
  Gated product;
  const GraphView view(conformance::graph_api(), product.graph.handle());
  EXPECT_EQ(ValueUses(view).gate_of(view.nodes()[0]).gate, nullptr) << "a matmul@1";
}

TEST(Gate, NeedsTwoProducts) {
  TestGraph graph;
  const std::uint32_t x = graph.input("x", 8), w = graph.weight("w", {8, 8});
  const std::uint32_t product = graph.node({"matmul@1", {x, w}, 8});
  graph.node({"swiglu@1", {product, product}, 8});
  const GraphView view(conformance::graph_api(), graph.handle());
  EXPECT_EQ(ValueUses(view).gate_of(view.nodes()[1]).gate, nullptr);
}

TEST(Gate, NeedsProductsBeforeIt) {
  TestGraph graph;
  const std::uint32_t x = graph.input("x", 8), w = graph.weight("w", {8, 8});
  graph.node_of({"swiglu@1", {3, 4}, 8}, graph.input("y", 8));
  EXPECT_EQ(graph.node({"matmul@1", {x, w}, 8}), 3u);
  EXPECT_EQ(graph.node({"matmul@1", {x, w}, 8}), 4u);
  EXPECT_FALSE(first_is_gate(graph));
}

/// Inputs q, k and v; ropes of q and k where they have attributes; attention, the last node.
struct Attention {
  struct Spec {
    Integers integers{{"head_dim", 8}};
    Reals reals{{"base", 10000.0}};
    bool has_rope = true, has_factors = false;
  };
  Attention() : Attention(Spec(), Spec()) {}
  Attention(const Spec& q_spec, const Spec& k_spec, std::int64_t head_dim = 8) {
    const std::uint32_t v = graph.input("v", 16), state = graph.state("kv", 2, 8, 8);
    factors = graph.weight("factors", {4});
    q = roped("q", q_spec), k = roped("k", k_spec);
    graph.node({"attention@1", {q, k, v}, 16, {{"head_dim", head_dim}}, {}, state});
    n_nodes = (q_spec.has_rope ? 1u : 0u) + (k_spec.has_rope ? 1u : 0u) + 1u;
  }
  /// Both ropes, or none.
  bool is_found() const {
    const GraphView view(conformance::graph_api(), graph.handle());
    const ValueUses uses(view);
    const GraphNode& attention = view.nodes()[n_nodes - 1];
    const GraphNode *turns_q = uses.rope_before(attention, 0),
                    *turns_k = uses.rope_before(attention, 1);
    EXPECT_EQ(turns_q == nullptr, turns_k == nullptr);
    if (!turns_q || !turns_k) return false;
    EXPECT_EQ(turns_q->output, q);
    EXPECT_EQ(turns_k->output, k);
    return true;
  }
  std::uint32_t roped(const char* name, const Spec& spec) {
    const std::uint32_t x = graph.input(name, 16);
    NodeSpec node{"rope@1", {x}, 16, spec.integers, spec.reals};
    if (spec.has_factors) node.inputs.push_back(factors);
    return spec.has_rope ? graph.node(node) : x;
  }
  TestGraph graph;
  std::uint32_t q, k, factors;
  std::size_t n_nodes;
};

TEST(RopeBeforeAttention, IsFoundForQueriesAndKeys) {
  EXPECT_TRUE(Attention().is_found());
  Attention::Spec with_factors;
  with_factors.has_factors = true;
  EXPECT_TRUE(Attention(with_factors, with_factors).is_found());
}

TEST(RopeBeforeAttention, MustTurnBoth) {
  Attention::Spec none;
  none.has_rope = false;
  EXPECT_FALSE(Attention(none, {}).is_found());
  EXPECT_FALSE(Attention({}, none).is_found());
  EXPECT_FALSE(Attention(none, none).is_found());
}

TEST(RopeBeforeAttention, MustTurnBothAlike) {
  for (const char* name : {"n_rotary", "layout", "original_context"}) {
    Attention::Spec other;
    other.integers.push_back({name, 6});
    EXPECT_FALSE(Attention({}, other).is_found()) << name;
    EXPECT_TRUE(Attention(other, other).is_found()) << name;
  }
  for (const char* name : {"base", "scale", "ext_factor", "attn_factor", "beta_fast"}) {
    Attention::Spec other;
    other.reals = {{name, 0.75}};
    EXPECT_FALSE(Attention({}, other).is_found()) << name;
    EXPECT_TRUE(Attention(other, other).is_found()) << name;
  }
  Attention::Spec with_factors;
  with_factors.has_factors = true;
  EXPECT_FALSE(Attention({}, with_factors).is_found());
}

TEST(RopeBeforeAttention, HasTheHeadsOfAttention) {
  EXPECT_FALSE(Attention({}, {}, 16).is_found());
  Attention::Spec none;
  none.integers = {};
  EXPECT_FALSE(Attention(none, none).is_found()) << "of no heads";
}

TEST(RopeBeforeAttention, IsNotFusedWhereOthersNeedIt) {
  Attention q, k, seen;
  q.graph.node({"silu@1", {q.q}, 16});
  EXPECT_FALSE(q.is_found());
  k.graph.node({"silu@1", {k.k}, 16});
  EXPECT_FALSE(k.is_found());
  seen.graph.output(seen.k, "k");
  EXPECT_FALSE(seen.is_found());
}

TEST(RopeBeforeAttention, ComesBeforeIt) {
  TestGraph graph;
  const std::uint32_t x = graph.input("x", 16);
  const NodeSpec rope{"rope@1", {x}, 16, {{"head_dim", 8}}};
  graph.node_of({"attention@1", {2, 3, x}, 16, {{"head_dim", 8}}}, graph.input("y", 16));
  EXPECT_EQ(graph.node(rope), 2u);
  EXPECT_EQ(graph.node(rope), 3u);
  const GraphView view(conformance::graph_api(), graph.handle());
  const ValueUses uses(view);
  ASSERT_EQ(uses.only_reader(2), &view.nodes()[0]);
  EXPECT_EQ(uses.rope_before(view.nodes()[0], 0), nullptr);
}

TEST(RopeBeforeAttention, IsOfThreeInputs) {
  TestGraph graph;
  const std::uint32_t x = graph.input("x", 16);
  const std::uint32_t q = graph.node({"rope@1", {x}, 16, {{"head_dim", 8}}}),
                      k = graph.node({"rope@1", {x}, 16, {{"head_dim", 8}}});
  graph.node({"attention@1", {q, k}, 16, {{"head_dim", 8}}});
  graph.node({"add@1", {q, k, x}, 16, {{"head_dim", 8}}});
  graph.node({"attention@1", {WICK_NONE, WICK_NONE, x}, 16, {{"head_dim", 8}}});
  const GraphView view(conformance::graph_api(), graph.handle());
  const ValueUses uses(view);
  for (std::size_t i = 2; i < 5; ++i)
    EXPECT_EQ(uses.rope_before(view.nodes()[i], 0), nullptr) << "node " << i;
}

}  // namespace
}  // namespace wick::sdk

// Who makes and reads values, and the product in a sum, with all that may spoil it. The larger
// patterns are in value_patterns_test.cpp.
#include <wick/sdk/value_uses.h>

#include "conformance/graph_fixture.h"

#include <gtest/gtest.h>

namespace wick::sdk {
namespace {

using conformance::TestGraph;

GraphView view_of(const TestGraph& graph) {
  return GraphView(conformance::graph_api(), graph.handle());
}

TEST(ValueUses, KnowsMakersAndReaders) {
  TestGraph graph;
  const std::uint32_t x = graph.input("x", 8);
  const std::uint32_t once = graph.node({"scale@1", {x}, 8});
  const std::uint32_t twice = graph.node({"add@1", {once, x}, 8});
  const std::uint32_t y = graph.node({"mul@1", {twice, twice, WICK_NONE}, 8});
  graph.output(y, "y");
  const GraphView view = view_of(graph);
  const ValueUses uses(view);
  EXPECT_EQ(uses.maker(x), nullptr);
  EXPECT_EQ(uses.maker(WICK_NONE), nullptr);
  EXPECT_EQ(uses.maker(twice), &view.nodes()[1]);
  EXPECT_EQ(uses.readers(x).size(), 2u);
  EXPECT_EQ(uses.readers(twice).size(), 2u) << "by one node, twice";
  EXPECT_EQ(uses.readers(y).size(), 0u);
  EXPECT_EQ(uses.only_reader(once), &view.nodes()[1]);
  EXPECT_EQ(uses.only_reader(twice), nullptr);
  EXPECT_EQ(uses.only_reader(y), nullptr);
}

TEST(ValueUses, KnowsWhatTheCallerSees) {
  TestGraph graph;
  const std::uint32_t x = graph.input("x", 8), w = graph.weight("w", {8, 8});
  const std::uint32_t inner = graph.node({"matmul@1", {x, w}, 8});
  const std::uint32_t y = graph.node({"scale@1", {inner}, 8});
  graph.node({"scale@1", {y}, 8});
  graph.output(y, "y");
  const GraphView view = view_of(graph);
  const ValueUses uses(view);
  EXPECT_TRUE(uses.is_external(x));
  EXPECT_TRUE(uses.is_external(w));
  EXPECT_FALSE(uses.is_external(inner));
  EXPECT_TRUE(uses.is_external(y));
  EXPECT_EQ(uses.only_reader(w), nullptr);
  EXPECT_EQ(uses.only_reader(y), nullptr) << "a node and the caller";
}

TEST(ValueUses, HasNoMakerOfWhatIsMadeMoreThanOnce) {
  for (const int n_more : {1, 2, 3}) {
    TestGraph graph;
    const std::uint32_t x = graph.input("x", 8);
    const std::uint32_t y = graph.node({"scale@1", {x}, 8});
    for (int i = 0; i < n_more; ++i) graph.node_of({"scale@1", {x}, 8}, y);
    const GraphView view = view_of(graph);
    EXPECT_EQ(ValueUses(view).maker(y), nullptr) << n_more;
  }
}

TEST(ValueUses, AsksEveryReader) {
  TestGraph graph;
  const std::uint32_t x = graph.input("x", 8);
  const std::uint32_t a = graph.node({"scale@1", {x}, 8}), b = graph.node({"silu@1", {x}, 8});
  graph.node({"silu@1", {a}, 8});
  graph.node({"gelu@1", {a}, 8});
  graph.node({"silu@1", {b}, 8});
  const std::uint32_t unread = graph.node({"silu@1", {b}, 8});
  const GraphView view = view_of(graph);
  const ValueUses uses(view);
  const auto is_silu = [](const GraphNode& node) { return node.op == "silu@1"; };
  EXPECT_FALSE(uses.is_read_only_by(a, is_silu));
  EXPECT_TRUE(uses.is_read_only_by(b, is_silu));
  EXPECT_FALSE(uses.is_read_only_by(unread, is_silu)) << "nobody reads it";
  EXPECT_FALSE(uses.is_read_only_by(x, is_silu)) << "an input";
  graph.output(b, "b");
  const GraphView seen = view_of(graph);
  EXPECT_FALSE(ValueUses(seen).is_read_only_by(b, is_silu)) << "the caller does";
}

/// x and r are inputs 0 and 1, w is weight 2; node 0 is a product of x.
struct WithProduct {
  WithProduct() {
    x = graph.input("x", 8), r = graph.input("r", 8);
    w = graph.weight("w", {8, 8});
    product = graph.node({"matmul@1", {x, w}, 8});
  }
  /// The index of the node that the last node takes in as a product; -1: none.
  int product_in_last() const {
    const GraphView view = view_of(graph);
    const GraphNode* found = ValueUses(view).product_in(view.nodes().back());
    return found ? static_cast<int>(found->index) : -1;
  }
  TestGraph graph;
  std::uint32_t x, r, w, product;
};

TEST(ProductInASum, IsFoundOnEitherSide) {
  WithProduct left, right;
  left.graph.node({"add@1", {left.product, left.r}, 8});
  EXPECT_EQ(left.product_in_last(), 0);
  right.graph.node({"add@1", {right.r, right.product}, 8});
  EXPECT_EQ(right.product_in_last(), 0);
}

TEST(ProductInASum, IsTheLaterOfTwo) {
  WithProduct some;
  const std::uint32_t second = some.graph.node({"matmul@1", {some.x, some.w}, 8});
  some.graph.node({"add@1", {some.product, second}, 8});
  EXPECT_EQ(some.product_in_last(), 1);
}

TEST(ProductInASum, IsNotFusedWhereOthersNeedIt) {
  WithProduct read;
  read.graph.node({"silu@1", {read.product}, 8});
  read.graph.node({"add@1", {read.product, read.r}, 8});
  EXPECT_EQ(read.product_in_last(), -1) << "two readers";
  WithProduct seen;
  seen.graph.node({"add@1", {seen.product, seen.r}, 8});
  seen.graph.output(seen.product, "product");
  EXPECT_EQ(seen.product_in_last(), -1) << "an output";
  WithProduct doubled;
  doubled.graph.node({"add@1", {doubled.product, doubled.product}, 8});
  EXPECT_EQ(doubled.product_in_last(), -1) << "both sides";
}

TEST(ProductInASum, IsAProductInASum) {
  WithProduct biased, missing, single, other, plain;
  const std::uint32_t bias = biased.graph.weight("b", {8});
  biased.graph.node({"add@1", {biased.product, bias}, 8});
  EXPECT_EQ(biased.product_in_last(), -1) << "a weight on the other side";
  missing.graph.node({"add@1", {missing.product, WICK_NONE}, 8});
  EXPECT_EQ(missing.product_in_last(), -1);
  single.graph.node({"add@1", {single.product}, 8});
  EXPECT_EQ(single.product_in_last(), -1);
  other.graph.node({"mul@1", {other.product, other.r}, 8});
  EXPECT_EQ(other.product_in_last(), -1);
  const std::uint32_t made = plain.graph.node({"silu@1", {plain.x}, 8});
  plain.graph.node({"add@1", {made, plain.r}, 8});
  EXPECT_EQ(plain.product_in_last(), -1);
}

TEST(ProductInASum, ComesBeforeTheSum) {
  WithProduct some;  // its values are 0 to 3
  some.graph.node({"add@1", {some.r, 5}, 8});
  some.graph.node({"matmul@1", {some.x, some.w}, 8});
  const GraphView view = view_of(some.graph);
  const ValueUses uses(view);
  ASSERT_EQ(uses.only_reader(5), &view.nodes()[1]);
  EXPECT_EQ(uses.product_in(view.nodes()[1]), nullptr);
}

}  // namespace
}  // namespace wick::sdk

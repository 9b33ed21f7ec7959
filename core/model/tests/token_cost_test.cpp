// What products cost, on graphs of two or three nodes. How a device holds states is tested where
// there is one: end to end.
#include "model/token_cost.h"

#include <gtest/gtest.h>

#include <utility>

namespace wick {
namespace {

/// Values are added in the order in which nodes need them.
struct SmallGraph {
  Graph graph;

  std::uint32_t value(std::uint32_t kind, std::vector<std::int64_t> dims) {
    Value made;
    made.kind = kind;
    made.dims = std::move(dims);
    graph.values.push_back(made);
    return static_cast<std::uint32_t>(graph.values.size() - 1);
  }
  std::uint32_t weight(std::vector<std::int64_t> dims) {
    return value(WICK_VALUE_WEIGHT, std::move(dims));
  }
  std::uint32_t node(const char* op, std::vector<std::uint32_t> inputs, std::int64_t rows,
                     std::int64_t width) {
    Node made;
    made.op = op;
    made.inputs = std::move(inputs);
    made.output = value(WICK_VALUE_ACTIVATION, {rows, width});
    graph.nodes.push_back(made);
    return made.output;
  }
};

TEST(TokenCost, CountsRowsByColumnsOfEveryProductByItsKindOfWeight) {
  SmallGraph g;
  const auto table = g.weight({100, 8}), up = g.weight({12, 8}), down = g.weight({8, 12});
  const auto x = g.node("embed@1", {table}, WICK_DIM_TOKENS, 8);
  const auto y = g.node("matmul@1", {x, up}, WICK_DIM_TOKENS, 12);
  const auto z = g.node("matmul@1", {y, down}, WICK_DIM_TOKENS, 8);
  g.node("add@1", {z, x}, WICK_DIM_TOKENS, 8);
  const TokenCost cost = product_cost(g.graph, {{table, NumberKind::kF16, 1600},
                                                {up, NumberKind::kCodes, 60},
                                                {down, NumberKind::kF32, 384}});
  EXPECT_EQ(cost.token_macs.codes, 96u);
  EXPECT_EQ(cost.token_macs.f32, 96u);
  EXPECT_EQ(cost.token_macs.f16, 0u);  // a row that is looked up is no product
  EXPECT_EQ(cost.token_bytes, 444u);
  EXPECT_EQ(cost.output_macs.total(), 0u);
}

TEST(TokenCost, KeepsWhatIsForWantedLogitsAlone) {
  SmallGraph g;
  const auto table = g.weight({100, 8});
  const auto x = g.node("embed@1", {table}, WICK_DIM_TOKENS, 8);
  const auto last = g.node("select_rows@1", {x}, WICK_DIM_OUTPUTS, 8);
  g.node("matmul@1", {last, table}, WICK_DIM_OUTPUTS, 100);
  const TokenCost cost = product_cost(g.graph, {{table, NumberKind::kF16, 1600}});
  EXPECT_EQ(cost.token_macs.total(), 0u);
  EXPECT_EQ(cost.output_macs.f16, 800u);
  EXPECT_EQ(cost.output_bytes, 1600u);
}

TEST(TokenCost, CountsTheExpertsThatAreUsed) {
  SmallGraph g;
  const auto table = g.weight({100, 8}), router = g.weight({4, 8}), up = g.weight({4, 6, 8});
  const auto x = g.node("embed@1", {table}, WICK_DIM_TOKENS, 8);
  const auto scores = g.node("matmul@1", {x, router}, WICK_DIM_TOKENS, 4);
  const auto routes = g.node("route@1", {scores}, WICK_DIM_TOKENS, 2 * 3);
  g.node("matmul_experts@1", {x, routes, up}, WICK_DIM_TOKENS, 3 * 6);
  const TokenCost cost = product_cost(g.graph, {{table, NumberKind::kF32, 3200},
                                                {router, NumberKind::kF32, 128},
                                                {up, NumberKind::kCodes, 400}});
  EXPECT_EQ(cost.token_macs.f32, 32u);
  EXPECT_EQ(cost.token_macs.codes, 3 * 6 * 8u);
  EXPECT_EQ(cost.token_bytes, 128u + 300u);
}

}  // namespace
}  // namespace wick

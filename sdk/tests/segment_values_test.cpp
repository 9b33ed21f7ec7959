// Values of a segment: widths, rows, what is refused, and places in the arena that overlap nothing
// that lives.
#include <wick/sdk/segment_values.h>

#include "conformance/graph_fixture.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace wick::sdk {
namespace {

using conformance::TestGraph;

struct Step {
  std::vector<std::uint32_t> reads, writes;
};

constexpr std::uint32_t kTokens = 4, kOutputs = 2, kWidth = 16;
constexpr std::uint64_t kValueBytes = kTokens * kWidth * sizeof(float);

GraphView view_of(const TestGraph& graph) {
  return GraphView(conformance::graph_api(), graph.handle());
}

/// The sentence of a graph that is refused with kBadShape; else "".
std::string refusal(const TestGraph& graph, std::uint32_t max_tokens = kTokens) {
  const GraphView view = view_of(graph);
  try {
    SegmentValues("some", view, view.states().size(), max_tokens, kOutputs);
  } catch (const Error& e) {
    return e.code() == ErrorCode::kBadShape ? e.what() : "";
  }
  return "";
}

/// x, then a chain of scale@1 that makes the values 1 .. n; the last is an output.
struct Chain {
  explicit Chain(std::uint32_t n) {
    std::uint32_t value = graph.input("x", kWidth);
    for (std::uint32_t i = 0; i < n; ++i) value = graph.node({"scale@1", {value}, kWidth});
    graph.output(value, "y");
  }
  TestGraph graph;
};

/// Of steps that are placed; else what is wrong with their order.
std::string order_of(const TestGraph& graph, const std::vector<Step>& steps) {
  const GraphView view = view_of(graph);
  SegmentValues values("some", view, view.states().size(), kTokens, kOutputs);
  try {
    values.place(steps);
  } catch (const Error& e) {
    return e.code() == ErrorCode::kBadShape ? e.what() : "another code";
  }
  return "";
}

TEST(SegmentValues, KnowsWidthsRowsAndKinds) {
  TestGraph graph;
  const std::uint32_t x = graph.input("x", 48);
  const std::uint32_t w = graph.weight("w", {8, 48});
  const std::uint32_t y = graph.node({"matmul@1", {x, w}, 8});
  const std::uint32_t rows = graph.node({"select_rows@1", {y}, 8});
  graph.output(rows, "rows");
  const GraphView view = view_of(graph);
  const SegmentValues values("some", view, 0, kTokens, kOutputs);
  EXPECT_EQ(values.width(x), 48u);
  EXPECT_EQ(values.width(w), 0u);
  EXPECT_TRUE(values.is_weight(w));
  EXPECT_FALSE(values.is_weight(y));
  EXPECT_EQ(values.max_rows(y), kTokens);
  EXPECT_EQ(values.max_rows(rows), kOutputs);
  EXPECT_TRUE(values.all()[x].is_external);
  EXPECT_FALSE(values.all()[y].is_external);
  EXPECT_TRUE(values.all()[rows].is_external);
  EXPECT_EQ(values.activation(view.nodes()[0], 0), x);
  EXPECT_THROW(values.activation(view.nodes()[0], 1), Error) << "a weight";
  EXPECT_THROW(values.activation(view.nodes()[0], 2), Error) << "not there";
}

TEST(SegmentValues, HasARowEvenForNoOutputs) {
  TestGraph graph;
  graph.output(graph.node({"select_rows@1", {graph.input("x", kWidth)}, kWidth}), "y");
  const GraphView view = view_of(graph);
  EXPECT_EQ(SegmentValues("some", view, 0, 1, 0).max_rows(1), 1u);
}

TEST(SegmentValues, PutsStatesAndScratchBehindTheGraph) {
  TestGraph graph;
  const std::uint32_t x = graph.input("x", kWidth);
  const std::uint32_t state = graph.state("conv", 4, kWidth, 0);
  graph.output(graph.node({"short_conv@1", {x}, kWidth, {}, {}, state}), "y");
  const GraphView view = view_of(graph);
  SegmentValues values("some", view, 1, kTokens, kOutputs);
  EXPECT_EQ(values.first_state(), 2u);
  EXPECT_FALSE(values.is_state(1));
  EXPECT_TRUE(values.is_state(2));
  const std::uint32_t kept = values.scratch(1001);
  EXPECT_EQ(kept, 3u);
  EXPECT_FALSE(values.is_state(kept));
  EXPECT_GE(values.max_rows(kept) * values.all()[kept].row_bytes, 1001u);
  values.place(std::vector<Step>{{{0, 2}, {1, 2, kept}}});
  EXPECT_GE(values.arena_bytes(), 1001u);
  EXPECT_LT(values.arena_bytes(), 1001u + 128u) << "neither state nor output";
}

TEST(SegmentValues, RefusesBatchesOfNoTokens) {
  const Chain chain(1);
  const GraphView view = view_of(chain.graph);
  EXPECT_THROW(SegmentValues("some", view, 0, 0, 0), Error);
}

TEST(SegmentValues, RefusesWidthsThatNoKernelCanIndex) {
  const auto of_width = [](std::int64_t width, std::uint32_t max_tokens) {
    TestGraph graph;
    graph.input("x", width);
    return refusal(graph, max_tokens);
  };
  EXPECT_EQ(of_width(1 << 24, 1), "");
  EXPECT_EQ(of_width(0, 1),
            "some: an activation must be a matrix of 1 to 16777216 columns, got 2 dimensions of "
            "width 0");
  EXPECT_NE(of_width((1 << 24) + 1, 1), "");
  EXPECT_NE(of_width(-5, 1), "");
  EXPECT_EQ(of_width(1 << 24, 255), "");
  EXPECT_EQ(of_width(1 << 24, 256),
            "some: an activation of 16777216 columns and 256 tokens is too large; use smaller "
            "batches");
}

TEST(SegmentValues, RefusesNodesOfWhatIsNotThere) {
  const auto with_node = [](const conformance::NodeSpec& spec, std::uint32_t output) {
    TestGraph graph;
    graph.input("x", kWidth);
    graph.weight("w", {kWidth});
    graph.node({"scale@1", {0}, kWidth});
    graph.node_of(spec, output);
    return refusal(graph);
  };
  EXPECT_EQ(with_node({"scale@1", {0}}, 2), "");
  EXPECT_EQ(with_node({"scale@1", {0, WICK_NONE}}, 2), "");
  EXPECT_EQ(with_node({"scale@1", {0}}, 3),
            "some: node 1 (scale@1 of layer -1) makes a value that does not exist");
  EXPECT_EQ(with_node({"scale@1", {0}}, WICK_NONE),
            "some: node 1 (scale@1 of layer -1) makes a value that does not exist");
  EXPECT_EQ(with_node({"scale@1", {0}}, 0),
            "some: node 1 (scale@1 of layer -1) makes an input or a weight");
  EXPECT_EQ(with_node({"scale@1", {0}}, 1),
            "some: node 1 (scale@1 of layer -1) makes an input or a weight");
  EXPECT_EQ(with_node({"scale@1", {0, 3}}, 2),
            "some: node 1 (scale@1 of layer -1) reads a value that does not exist");
  EXPECT_EQ(with_node({"short_conv@1", {0}, 0, {}, {}, 0}, 2),
            "some: node 1 (short_conv@1 of layer 0) uses a state that does not exist");
}

TEST(SegmentValues, RefusesStepsInTheWrongOrder) {
  const Chain chain(2);
  EXPECT_EQ(order_of(chain.graph, {{{0}, {1}}, {{1}, {2}}}), "");
  EXPECT_EQ(order_of(chain.graph, {{{1}, {2}}, {{0}, {1}}}),
            "some: value 1 is read before a node makes it");
  EXPECT_EQ(order_of(chain.graph, {{{0, 1}, {1}}, {{1}, {2}}}),
            "some: value 1 is read before a node makes it")
      << "by the step that makes it";
}

TEST(SegmentValues, RefusesWhatIsMadeTwice) {
  const Chain chain(2);
  EXPECT_EQ(order_of(chain.graph, {{{0}, {1}}, {{0}, {1}}, {{1}, {2}}}),
            "some: value 1 is made twice");
  EXPECT_EQ(order_of(chain.graph, {{{0}, {1, 1}}, {{1}, {2}}}), "some: value 1 is made twice");
  EXPECT_EQ(order_of(chain.graph, {{{0}, {0}}, {{0}, {1}}, {{1}, {2}}}),
            "some: value 0 is made twice")
      << "the caller made it";
}

TEST(SegmentValues, RefusesAnOutputThatNoStepMakes) {
  const Chain chain(2);
  EXPECT_EQ(order_of(chain.graph, {{{0}, {1}}}), "some: value 2 is an output that no node makes");
}

TEST(SegmentValues, LetsStatesBeWrittenAgain) {
  TestGraph graph;
  graph.output(graph.node({"scale@1", {graph.input("x", kWidth)}, kWidth}), "y");
  graph.state("conv", 4, kWidth, 0);
  EXPECT_EQ(order_of(graph, {{{0, 2}, {2}}, {{0, 2}, {1, 2}}}), "");
}

/// Of a chain of n values: each lives until the next is made, so two places serve all.
std::uint64_t arena_of_chain(std::uint32_t n) {
  const Chain chain(n);
  const GraphView view = view_of(chain.graph);
  SegmentValues values("some", view, 0, kTokens, kOutputs);
  std::vector<Step> steps;
  for (std::uint32_t i = 0; i < n; ++i) steps.push_back({{i}, {i + 1}});
  values.place(steps);
  return values.arena_bytes();
}

TEST(SegmentValues, TakesAPlaceAgainBehindTheLastReader) {
  EXPECT_EQ(arena_of_chain(1), 0u) << "the caller's alone";
  EXPECT_EQ(arena_of_chain(2), kValueBytes);
  EXPECT_EQ(arena_of_chain(3), 2 * kValueBytes);
  EXPECT_EQ(arena_of_chain(20), 2 * kValueBytes);
}

TEST(SegmentValues, KeepsAPlaceUntilTheLastReader) {
  const Chain chain(4);
  const GraphView view = view_of(chain.graph);
  SegmentValues values("some", view, 0, kTokens, kOutputs);
  values.place(std::vector<Step>{{{0}, {1}}, {{1}, {2}}, {{2}, {3}}, {{1, 3}, {4}}});
  EXPECT_EQ(values.arena_bytes(), 3 * kValueBytes) << "1 lives beside 2 and 3";
  EXPECT_NE(values.all()[1].offset, values.all()[2].offset);
  EXPECT_NE(values.all()[1].offset, values.all()[3].offset);
}

TEST(SegmentValues, FreesWhatNobodyReadsAtOnce) {
  const Chain chain(3);
  const GraphView view = view_of(chain.graph);
  SegmentValues values("some", view, 0, kTokens, kOutputs);
  values.place(std::vector<Step>{{{0}, {1}}, {{0}, {2}}, {{0}, {3}}});
  EXPECT_EQ(values.arena_bytes(), kValueBytes);
}

TEST(SegmentValues, PlacesAtMultiplesOfTheAlignment) {
  for (const std::uint64_t alignment : {0, 1, 64, 128, 4096}) {
    const Chain chain(5);
    const GraphView view = view_of(chain.graph);
    SegmentValues values("some", view, 0, 1, 1);  // values of 64 bytes
    values.place(std::vector<Step>{{{0}, {1}}, {{1}, {2}}, {{1, 2}, {3}}, {{1, 2, 3}, {4, 5}}},
                 alignment);
    const std::uint64_t each = std::max<std::uint64_t>(alignment, 64);
    for (std::uint32_t i = 1; i < 5; ++i) EXPECT_EQ(values.all()[i].offset, (i - 1) * each);
    EXPECT_EQ(values.arena_bytes(), 4 * each);
  }
}

}  // namespace
}  // namespace wick::sdk

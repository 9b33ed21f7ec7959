// How graphs are cut: parts, borders, weights on both sides, states.
#include "schedule/segment_graph.h"

#include <gtest/gtest.h>
#include <wick/error.h>

#include <algorithm>

#include "small_model.h"

namespace wick {
namespace {

std::vector<std::string> names(const Graph& graph, std::uint32_t kind) {
  std::vector<std::string> found;
  for (const Value& value : graph.values)
    if (value.kind == kind) found.push_back(value.name);
  return found;
}
std::vector<std::string> outputs(const Graph& graph) {
  std::vector<std::string> found;
  for (const Value& value : graph.values)
    if (value.is_output) found.push_back(value.name);
  return found;
}

TEST(ModelParts, AreEmbeddingLayersAndOutput) {
  const SmallModel model(2);
  const ModelParts parts = find_parts(model.graph);
  EXPECT_EQ(parts.n_layers, 2u);
  // select_rows uses no weight: it is of the last layer.
  EXPECT_EQ(parts.of_node, (std::vector<std::uint32_t>{0, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3}));
}

TEST(ModelParts, AreNamedAsPeopleCountLayers) {
  ModelParts parts;
  parts.n_layers = 8;
  EXPECT_EQ(describe_parts(parts, 0, 9), "whole model");
  EXPECT_EQ(describe_parts(parts, 0, 0), "embedding");
  EXPECT_EQ(describe_parts(parts, 0, 1), "embedding, layer 0");
  EXPECT_EQ(describe_parts(parts, 3, 8), "layers 2-7");
  EXPECT_EQ(describe_parts(parts, 8, 9), "layer 7, output");
  EXPECT_EQ(describe_parts(parts, 9, 9), "output");
}

TEST(ModelParts, KeepANodeBehindWhatItReads) {
  SmallModel model(2);
  model.graph.nodes[8].layer = 0;  // the second layer's sum, said to be of the first
  EXPECT_EQ(find_parts(model.graph).of_node[8], 2u);
  model.graph.nodes[4].layer = -1;  // the first layer's sum, said to be of none
  EXPECT_EQ(find_parts(model.graph).of_node[4], 1u);
}

TEST(ModelParts, TakeAnyNumbersForLayers) {
  SmallModel model(2);
  for (Node& node : model.graph.nodes)
    if (node.layer >= 0) node.layer = node.layer == 0 ? INT32_MAX : 5;
  EXPECT_EQ(find_parts(model.graph).of_node[1], 1u);
  EXPECT_EQ(find_parts(model.graph).of_node[5], 2u);
}

TEST(SegmentGraph, OfAllPartsIsTheWhole) {
  const SmallModel model(3);
  const ModelParts parts = find_parts(model.graph);
  const SegmentGraph all = cut_graph(model.graph, parts, part_range(parts, 0, parts.output()));
  EXPECT_EQ(all.graph.nodes.size(), model.graph.nodes.size());
  EXPECT_EQ(all.graph.values.size(), model.graph.values.size());
  EXPECT_EQ(all.graph.states.size(), 3u);
  EXPECT_TRUE(names(all.graph, WICK_VALUE_INPUT).empty());
  EXPECT_EQ(outputs(all.graph), std::vector<std::string>{"logits"});
}

TEST(SegmentGraph, HasInputsOutputsWeightsAndStatesOfItsOwn) {
  const SmallModel model(3);
  const ModelParts parts = find_parts(model.graph);
  const SegmentGraph middle = cut_graph(model.graph, parts, part_range(parts, 2, 2));
  EXPECT_EQ(names(middle.graph, WICK_VALUE_INPUT).size(), 1u);
  EXPECT_EQ(outputs(middle.graph).size(), 1u);
  EXPECT_EQ(names(middle.graph, WICK_VALUE_WEIGHT), (std::vector<std::string>{"w1", "factors"}));
  ASSERT_EQ(middle.graph.states.size(), 1u);
  EXPECT_EQ(middle.graph.states[0].layer, 1);
  for (const Node& node : middle.graph.nodes)
    EXPECT_EQ(node.state, node.op == "attention@1" ? 0u : WICK_NONE);
}

TEST(SegmentGraph, JoinsByValuesOfTheWhole) {
  const SmallModel model(2);
  const ModelParts parts = find_parts(model.graph);
  const SegmentGraph first = cut_graph(model.graph, parts, part_range(parts, 0, 1));
  const SegmentGraph second = cut_graph(model.graph, parts, part_range(parts, 2, 3));
  std::vector<std::uint32_t> sent, received;
  for (std::size_t i = 0; i < first.graph.values.size(); ++i)
    if (first.graph.values[i].is_output) sent.push_back(first.whole_value[i]);
  for (std::size_t i = 0; i < second.graph.values.size(); ++i)
    if (second.graph.values[i].kind == WICK_VALUE_INPUT) received.push_back(second.whole_value[i]);
  EXPECT_EQ(sent, received);
  EXPECT_EQ(sent.size(), 1u);
}

TEST(SegmentGraph, PassesOnEveryValueThatIsUsedLater) {
  SmallModel model(3);
  // The output also reads what the first layer made.
  Node& last = model.graph.nodes.back();
  last.inputs.push_back(model.graph.nodes[4].output);
  const ModelParts parts = find_parts(model.graph);
  const SegmentGraph first = cut_graph(model.graph, parts, part_range(parts, 0, 1));
  const SegmentGraph middle = cut_graph(model.graph, parts, part_range(parts, 2, 3));
  const SegmentGraph end = cut_graph(model.graph, parts, part_range(parts, 4, 4));
  EXPECT_EQ(outputs(first.graph).size(), 1u);
  EXPECT_EQ(names(middle.graph, WICK_VALUE_INPUT).size(), 1u);
  EXPECT_EQ(names(end.graph, WICK_VALUE_INPUT).size(), 2u);
}

TEST(SegmentGraph, SendsWantedRowsAloneBehindTheLayers) {
  const SmallModel model(2);
  const ModelParts parts = find_parts(model.graph);
  const SegmentGraph end = cut_graph(model.graph, parts, part_range(parts, 3, 3));
  for (const Value& value : end.graph.values)
    EXPECT_TRUE(value.kind == WICK_VALUE_WEIGHT || value.dims[0] == WICK_DIM_OUTPUTS);
}

TEST(SegmentGraph, WillNotDivideAState) {
  SmallModel model(2);
  for (Node& node : model.graph.nodes)
    if (node.state == 1) node.state = 0;
  const ModelParts parts = find_parts(model.graph);
  try {
    cut_graph(model.graph, parts, part_range(parts, 0, 1));
    ADD_FAILURE() << "it was divided";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::kUnavailable);
  }
  EXPECT_EQ(cut_graph(model.graph, parts, part_range(parts, 0, 3)).graph.states.size(), 1u);
}

}  // namespace
}  // namespace wick

// The way back from the logits, over graphs made up here.
#include "graph/hidden_value.h"

#include <gtest/gtest.h>
#include <wick/error.h>

namespace wick {
namespace {

struct MadeGraph {
  Graph graph;

  std::uint32_t weight() { return value(WICK_VALUE_WEIGHT); }
  std::uint32_t node(const char* op, std::vector<std::uint32_t> inputs) {
    Node made;
    made.op = op;
    made.inputs = std::move(inputs);
    made.output = value(WICK_VALUE_ACTIVATION);
    graph.nodes.push_back(made);
    return made.output;
  }
  std::uint32_t hidden_behind(std::uint32_t logits) {
    graph.values[logits].is_output = true;
    graph.values[logits].name = "logits";
    return hidden_value(graph);
  }

 private:
  std::uint32_t value(std::uint32_t kind) {
    graph.values.push_back({kind, "", {WICK_DIM_OUTPUTS, 8}, false});
    return static_cast<std::uint32_t>(graph.values.size() - 1);
  }
};

TEST(HiddenValue, IsWhatTheLastProductMultiplies) {
  MadeGraph made;
  const std::uint32_t x = made.node("embed@1", {made.weight()});
  const std::uint32_t inner = made.node("matmul@1", {x, made.weight()});
  const std::uint32_t normed = made.node("rms_norm@1", {inner, made.weight()});
  EXPECT_EQ(made.hidden_behind(made.node("matmul@1", {normed, made.weight()})), normed);
}

TEST(HiddenValue, PassesOverABiasAScaleAndACap) {
  MadeGraph made;
  const std::uint32_t x = made.node("embed@1", {made.weight()});
  const std::uint32_t product = made.node("matmul@1", {x, made.weight()});
  const std::uint32_t biased = made.node("add@1", {product, made.weight()});
  const std::uint32_t scaled = made.node("scale@1", {biased});
  EXPECT_EQ(made.hidden_behind(made.node("softcap@1", {scaled})), x);
}

TEST(HiddenValue, IsRefusedWhereTwoProductsAreAdded) {
  MadeGraph made;
  const std::uint32_t x = made.node("embed@1", {made.weight()});
  const std::uint32_t a = made.node("matmul@1", {x, made.weight()});
  const std::uint32_t b = made.node("matmul@1", {x, made.weight()});
  try {
    made.hidden_behind(made.node("add@1", {a, b}));
    ADD_FAILURE() << "it chose one of two";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::kUnavailable);
  }
}

TEST(HiddenValue, IsRefusedWhereNothingIsMultiplied) {
  MadeGraph made;
  EXPECT_THROW(made.hidden_behind(made.node("embed@1", {made.weight()})), Error);
}

}  // namespace
}  // namespace wick

// What a plan promises beside its results: exact estimates, and a sentence for every batch that
// breaks the contract.
#include "conformance/small_model.h"

#include <gtest/gtest.h>

#include <functional>

#include "cpu_device.h"

namespace wick::cpu {
namespace {

using conformance::Session;
using conformance::SmallModel;

conformance::Step step_of(std::uint32_t n_tokens, std::uint32_t first_position,
                          std::vector<std::uint32_t> blocks, std::int32_t token = 1) {
  conformance::Step step;
  step.batch = conformance::BatchFixture({{0, first_position, n_tokens, std::move(blocks)}},
                                         [=](std::uint32_t, std::uint32_t) { return token; });
  step.batch.want_all();
  return step;
}

class Plans : public ::testing::Test {
 protected:
  CpuDevice cpu_{"", 2};
  SmallModel model_{conformance::gguf_classes()[7], 4, 40};
};

TEST_F(Plans, RefuseBatchesThatBreakTheContract) {
  Session session(cpu_.device(), model_.setup(), false);
  EXPECT_NO_THROW(session.run(step_of(40, 0, {0, 1})));
  EXPECT_THROW(session.run(step_of(41, 0, {0, 1})), Error);
  EXPECT_THROW(session.run(step_of(1, 40, {0, 9})), Error);
  EXPECT_THROW(session.run(step_of(1, 0, {0}, -1)), Error);
  EXPECT_THROW(session.run(step_of(1, 0, {0}, 1 << 20)), Error);
}

TEST_F(Plans, WeighWhatTheEstimateSaid) {
  const conformance::Setup& setup = model_.setup();
  std::vector<wick_weight_desc> descs;
  std::vector<wick_weight_use> uses;
  descs.reserve(setup.weights.size());
  for (const auto& [value, data] : setup.weights) {
    descs.push_back(conformance::Device::describe("w", data));
    uses.push_back({value, 0, &descs.back()});
  }
  auto request = sdk::make<wick_segment_request>();
  request.graph = setup.graph.handle();
  request.weights = uses.data();
  request.n_weights = static_cast<std::uint32_t>(uses.size());
  request.max_tokens = request.max_outputs = setup.max_tokens;
  request.n_blocks = setup.n_blocks;
  const wick_bytes bytes = cpu_.device().estimate(request);
  const Session session(cpu_.device(), setup, false);
  EXPECT_EQ(bytes.weights, session.weight_bytes());
  EXPECT_EQ(bytes.state, cpu_.device().block_bytes(session.state()) * setup.n_blocks);
  // At least the quantized input of the last product, at most every value at once.
  EXPECT_GT(bytes.activations, 40u * 256u);
  EXPECT_LT(bytes.activations, 40u * 256u * 4u * 20u);
}

TEST_F(Plans, NameTheOpThatIsUnknown) {
  conformance::TestGraph graph;
  const std::uint32_t x = graph.input("x", 8);
  graph.output(graph.node({"fourier@1", {x}, 8}), "y");
  auto request = sdk::make<wick_compile_request>();
  request.graph = graph.handle();
  request.max_tokens = request.max_outputs = 1;
  try {
    cpu_.device().compile(request);
    FAIL() << "compiled an op that nobody knows";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::kUnavailable);
    EXPECT_NE(std::string(e.what()).find("fourier@1"), std::string::npos);
  }
}

TEST_F(Plans, RefuseShapesThatDoNotGoTogether) {
  conformance::TestGraph graph;
  const std::uint32_t a = graph.input("a", 8), b = graph.input("b", 9);
  graph.output(graph.node({"add@1", {a, b}, 8}), "y");
  auto request = sdk::make<wick_compile_request>();
  request.graph = graph.handle();
  request.max_tokens = request.max_outputs = 1;
  EXPECT_THROW(cpu_.device().compile(request), Error);
}

}  // namespace
}  // namespace wick::cpu

// How a graph becomes steps, without a device: how many, what they keep while they run, and what
// cannot be run.
#include "program.h"

#include "conformance/device.h"
#include "conformance/graph_fixture.h"

#include <wick/error.h>

#include <gtest/gtest.h>

#include <memory>

#include "plan.h"

namespace wick::opencl {
namespace {

Capabilities some_device() {
  Capabilities can;
  can.max_workgroup = 1024;
  can.local_bytes = 48 << 10;
  return can;
}

std::unique_ptr<Program> program_of(const conformance::TestGraph& graph, std::uint32_t max_tokens) {
  const sdk::GraphView view(conformance::graph_api(), graph.handle());
  return std::make_unique<Program>(
      ProgramRequest{&view, {}, false, max_tokens, max_tokens, some_device(), nullptr});
}

std::size_t steps_of_top_k(std::int64_t width, std::int64_t k) {
  conformance::TestGraph graph;
  const std::uint32_t x = graph.input("x", width);
  graph.output(graph.node({"top_k@1", {x}, 2 * k, {{"k", k}}}), "out");
  return program_of(graph, 3)->steps().size();
}

ErrorCode error_of_top_k(std::int64_t width, std::int64_t k) {
  try {
    steps_of_top_k(width, k);
  } catch (const Error& e) {
    return e.code();
  }
  return ErrorCode::kOk;
}

TEST(ProgramOfTopK, SortsUntilOnePieceIsLeft) {
  EXPECT_EQ(steps_of_top_k(1, 1), 1u);
  EXPECT_LE(steps_of_top_k(128256, 1), steps_of_top_k(128256, 40));
  EXPECT_GT(steps_of_top_k(128256, 40), 1u);
}

TEST(ProgramOfTopK, RefusesWhatIsNotThere) {
  EXPECT_EQ(error_of_top_k(10, 11), ErrorCode::kBadShape);
  EXPECT_EQ(error_of_top_k(10, 0), ErrorCode::kBadShape);
  EXPECT_EQ(error_of_top_k(10, -1), ErrorCode::kBadShape);
}

TEST(ProgramOfUnknownOps, IsRefused) {
  conformance::TestGraph graph;
  const std::uint32_t x = graph.input("x", 8);
  graph.output(graph.node({"org.test.strange@1", {x}, 8}), "out");
  try {
    program_of(graph, 1);
    FAIL() << "it was taken";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::kUnavailable);
    EXPECT_NE(std::string(e.what()).find("org.test.strange@1"), std::string::npos) << e.what();
  }
}

/// Values that are not needed at a time share a place: a chain keeps two of them.
TEST(ProgramOfAChain, KeepsTwoValuesAtATime) {
  conformance::TestGraph graph;
  std::uint32_t x = graph.input("x", 1024);
  for (int i = 0; i < 10; ++i) x = graph.node({"gelu@1", {x}, 1024});
  graph.output(x, "out");
  const std::uint64_t value = 16u * 1024 * sizeof(float);
  const std::uint64_t arena = program_of(graph, 16)->values().arena_bytes();
  EXPECT_GE(arena, value);
  EXPECT_LE(arena, 2 * value + 1024);
}

}  // namespace
}  // namespace wick::opencl

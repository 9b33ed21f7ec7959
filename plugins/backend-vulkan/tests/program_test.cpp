// How a graph becomes steps, without a device: how many, what they keep while they run, and what
// cannot be run.
#include "program.h"

#include "conformance/device.h"
#include "conformance/graph_fixture.h"

#include <wick/error.h>

#include <gtest/gtest.h>

#include <memory>

namespace wick::vulkan {
namespace {

Capabilities some_device() {
  Capabilities can;
  can.subgroup_size = 32;
  can.max_workgroup = 1024;
  can.shared_bytes = 48 << 10;
  return can;
}

std::unique_ptr<Program> program_of(const conformance::TestGraph& graph, std::uint32_t max_tokens,
                                    const Capabilities& can = some_device()) {
  const sdk::GraphView view(conformance::graph_api(), graph.handle());
  return std::make_unique<Program>(
      ProgramRequest{&view, {}, false, max_tokens, max_tokens, can, nullptr});
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
  EXPECT_EQ(steps_of_top_k(1024, 512), 1u);
  EXPECT_EQ(steps_of_top_k(1025, 40), 2u);
  EXPECT_EQ(steps_of_top_k(128256, 40), 3u);
  EXPECT_EQ(steps_of_top_k(128256, 1), 2u);
}

TEST(ProgramOfTopK, RefusesWhatIsNotThereAndWhatIsTooMuch) {
  EXPECT_EQ(error_of_top_k(10, 11), ErrorCode::kBadShape);
  EXPECT_EQ(error_of_top_k(10, 0), ErrorCode::kBadShape);
  EXPECT_EQ(error_of_top_k(10, -1), ErrorCode::kBadShape);
  EXPECT_EQ(error_of_top_k(4000, 513), ErrorCode::kUnavailable);
}

/// A head of 64 values, so many of queries and of keys.
std::unique_ptr<Program> attention(std::int64_t n_heads, std::int64_t n_kv_heads,
                                   std::uint32_t max_tokens,
                                   const Capabilities& can = some_device()) {
  conformance::TestGraph graph;
  const std::uint32_t q = graph.input("q", n_heads * 64), k = graph.input("k", n_kv_heads * 64),
                      v = graph.input("v", n_kv_heads * 64);
  const std::uint32_t kv = graph.state("kv", static_cast<std::uint64_t>(n_kv_heads), 64, 64);
  const std::uint32_t y = graph.node(
      {"attention@1",
       {q, k, v},
       n_heads * 64,
       {{"n_heads", n_heads}, {"n_kv_heads", n_kv_heads}, {"head_dim", 64}, {"value_dim", 64}},
       {{"scale", 0.125}},
       kv});
  graph.output(y, "out");
  return program_of(graph, max_tokens, can);
}

TEST(ProgramOfAttention, HasOneStepForOneToken) {
  EXPECT_EQ(attention(32, 8, 1)->steps().size(), 1u);
  EXPECT_EQ(attention(32, 8, 2)->steps().size(), 2u) << "keys and values are stored first";
  EXPECT_EQ(attention(32, 8, 2)->n_counters(), 0u);
}

TEST(ProgramOfAttention, ServesTheHeadsOfAKvHeadTogether) {
  // A counter a column of workgroups.
  EXPECT_EQ(attention(32, 8, 1)->n_counters(), 8u);
  EXPECT_EQ(attention(32, 32, 1)->n_counters(), 32u);
  EXPECT_EQ(attention(16, 1, 1)->n_counters(), 2u) << "8 heads at most";
  EXPECT_EQ(attention(15, 1, 1)->n_counters(), 3u) << "as many in every column";
  EXPECT_EQ(attention(71, 1, 1)->n_counters(), 71u);
  Capabilities small = some_device();
  small.shared_bytes = 16 << 10;
  EXPECT_GT(attention(16, 1, 1, small)->n_counters(), 2u) << "fewer where memory is short";
}

TEST(ProgramOfAttention, KeepsPlaceForEveryPart) {
  // 32 parts of 32 heads: 32 pairs of values, the largest score and the sum of weights.
  EXPECT_GE(attention(32, 8, 1)->values().arena_bytes(), 32u * 32 * (64 + 2) * sizeof(float));
  Capabilities software = some_device();
  software.is_cpu = true;
  EXPECT_LT(attention(32, 8, 1, software)->values().arena_bytes(),
            attention(32, 8, 1)->values().arena_bytes());
}

}  // namespace
}  // namespace wick::vulkan

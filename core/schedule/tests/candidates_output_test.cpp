// Where the likeliest tokens take the place of the logits, and where they do not.
#include "schedule/candidates_output.h"

#include <gtest/gtest.h>

#include "small_model.h"

namespace wick {
namespace {

constexpr std::uint32_t kLogits = 20, kCandidates = 21;  // of the whole graph
constexpr std::int64_t kVocab = 1000;

wick_code supports_nothing(void*, std::uint32_t, wick_str, const wick_storage_class*, std::uint32_t,
                           std::uint32_t* support, wick_error*) noexcept {
  *support = WICK_SUPPORT_NONE;
  return WICK_OK;
}

/// A first segment that hands an activation to a second, which makes the logits.
std::vector<SegmentSource> two_segments(const Device& device) {
  std::vector<SegmentSource> sources(2, SegmentSource{device, "", {}, {}});
  SegmentGraph& first = sources[0].cut;
  first.graph.values = {{WICK_VALUE_ACTIVATION, "value.19", {WICK_DIM_TOKENS, 8}, true}};
  first.whole_value = {19};
  SegmentGraph& last = sources[1].cut;
  last.graph.values = {{WICK_VALUE_INPUT, "value.19", {WICK_DIM_TOKENS, 8}, false},
                       {WICK_VALUE_ACTIVATION, "logits", {WICK_DIM_OUTPUTS, kVocab}, true}};
  last.whole_value = {19, kLogits};
  return sources;
}

TEST(CandidatesOutput, StandsBehindTheLogits) {
  auto sources = two_segments(counting_devices({100}).front().device);
  ASSERT_TRUE(put_candidates_output(sources, kLogits, kCandidates, 40));
  EXPECT_EQ(sources[0].cut.graph.values.size(), 1u);
  const SegmentGraph& last = sources[1].cut;
  EXPECT_FALSE(last.graph.values[1].is_output);
  ASSERT_EQ(last.graph.values.size(), 3u);
  EXPECT_TRUE(last.graph.values[2].is_output);
  EXPECT_EQ(last.graph.values[2].dims, (std::vector<std::int64_t>{WICK_DIM_OUTPUTS, 80}));
  EXPECT_EQ(last.whole_value[2], kCandidates);
  const Node& node = last.graph.nodes.back();
  EXPECT_EQ(node.op, "top_k@1");
  EXPECT_EQ(node.inputs, (std::vector<std::uint32_t>{1}));
  EXPECT_EQ(node.output, 2u);
  EXPECT_EQ(std::get<std::int64_t>(node.attributes.at("k")), 40);
}

TEST(CandidatesOutput, IsLeftOutWhereItIsNotOfUse) {
  auto sources = two_segments(counting_devices({100}).front().device);
  for (const std::uint32_t n : {0u, kMostCandidates + 1, 1000u, 5000u}) {
    EXPECT_FALSE(put_candidates_output(sources, kLogits, kCandidates, n));
    EXPECT_TRUE(sources[1].cut.graph.values[1].is_output);
    EXPECT_EQ(sources[1].cut.graph.values.size(), 2u);
  }
}

TEST(CandidatesOutput, IsLeftOutWhereTheDeviceDoesNotOfferIt) {
  auto table = sdk::make<wick_backend_v1>();
  table.supports = supports_nothing;
  auto sources = two_segments(Device({"backend", "b", "test", &table, nullptr}, 0));
  EXPECT_FALSE(put_candidates_output(sources, kLogits, kCandidates, 40));
  EXPECT_EQ(sources[1].cut.graph.values.size(), 2u);
}

}  // namespace
}  // namespace wick

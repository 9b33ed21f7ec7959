// Nodes that become one step give what the oracle gives for them one by one: slices in a product of
// values, products of one input side by side.
#include "fuse.h"

#include "conformance/cases/shapes.h"

#include <gtest/gtest.h>

#include <cmath>

#include "cl_device.h"

namespace wick::opencl {
namespace {

using namespace conformance;

class Fuse : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const std::string why = why_no_device(); !why.empty()) GTEST_SKIP() << why;
  }
};

/// What the device gives for the draft's output, beside what the oracle does.
void expect_near(Draft& draft, std::uint32_t output, bool precise, double most) {
  const ClDevice made("");
  const Experiment experiment = draft.finish(output);
  Session session(made.device(), experiment.setup, precise);
  Oracle oracle(experiment.setup);
  const std::vector<float> got = session.run(experiment.steps[0]);
  const auto& want = oracle.run(experiment.steps[0])[output].values;
  ASSERT_EQ(got.size(), want.size());
  double scale = 0;
  for (const double value : want) scale = std::max(scale, std::fabs(value));
  ASSERT_GT(scale, 0);
  for (std::size_t i = 0; i < got.size(); ++i)
    ASSERT_NEAR(got[i], want[i], most * scale) << "value " << i;
}

TEST_F(Fuse, SlicesOfOneRowAreMultiplied) {
  for (const std::uint32_t n_tokens : {1u, 3u}) {
    Random random(seed_of("slices"));
    Draft draft({"one", {{run_of(0, 0, n_tokens)}}}, InputClass::kNormal, random);
    const std::uint32_t x = draft.input("x", 150);
    const auto cut = [&](std::int64_t begin) {
      return draft.graph().node(
          {"slice@1", {x}, 50, {{"begin", begin}, {"length", std::int64_t{50}}}});
    };
    const std::uint32_t first = cut(0), last = cut(100), middle = cut(50);
    const std::uint32_t gated = draft.graph().node({"mul@1", {first, last}, 50});
    const std::uint32_t output = draft.graph().node({"mul@1", {middle, gated}, 50});
    expect_near(draft, output, true, 1e-6);
  }
}

/// Four of one storage class, of different widths: one more than a kernel takes.
TEST_F(Fuse, ProductsOfOneInputAreMadeSideBySide) {
  for (const bool precise : {false, true}) {
    Random random(seed_of("side by side"));
    Draft draft({"one", {{run_of(0, 0, 1)}}}, InputClass::kNormal, random);
    const std::uint32_t x = draft.input("x", 64);
    const StorageEntry q4 = gguf_classes()[0];
    std::vector<std::uint32_t> made;
    for (const std::size_t n_out : {70, 40, 40, 130}) {
      const std::uint32_t w = draft.matrix("w" + std::to_string(made.size()), q4, n_out, 64);
      made.push_back(draft.graph().node({"matmul@1", {x, w}, static_cast<std::int64_t>(n_out)}));
    }
    const auto cut = [&](std::uint32_t value) {
      return draft.graph().node(
          {"slice@1", {value}, 40, {{"begin", std::int64_t{0}}, {"length", std::int64_t{40}}}});
    };
    const std::uint32_t a = draft.graph().node({"mul@1", {cut(made[0]), made[1]}, 40});
    const std::uint32_t b = draft.graph().node({"mul@1", {made[2], cut(made[3])}, 40});
    const std::uint32_t output = draft.graph().node({"mul@1", {a, b}, 40});
    // Four factors, each within the rounding of inputs to 8 bits.
    expect_near(draft, output, precise, precise ? 1e-5 : 0.05);
  }
}

}  // namespace
}  // namespace wick::opencl

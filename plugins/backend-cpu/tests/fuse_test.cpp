// What is computed together: which steps a layer of llama has, and that its bits are those of the
// same layer taken apart.
#include "fuse.h"

#include "conformance/cases/shapes.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <deque>

#include "cpu_device.h"
#include "program.h"

namespace wick::cpu {
namespace {

using conformance::Draft;
using conformance::StorageEntry;

constexpr std::int64_t kDim = 256;

/// The feed-forward part of a layer.
struct FeedForward {
  StorageEntry gate, up;
  std::int64_t ff_dim = 512;
  /// With steps between any two that could be one: they change no bit.
  bool is_apart = false;
  bool has_down = true;
  bool shows_gate = false;  ///< it is an output of the graph

  std::uint32_t build(Draft& d) const {
    const std::uint32_t x = d.input("x", kDim), branch = d.input("branch", kDim);
    const std::uint32_t sum = d.graph().node({"add@1", {x, branch}, kDim});
    const std::uint32_t norm = d.vector("norm", kDim, 1.0);
    const std::uint32_t normed =
        between(d, d.graph().node({"rms_norm@1", {between(d, sum, kDim), norm}, kDim}), kDim);
    const std::uint32_t gated = matmul(d, "gate", {gate, normed, ff_dim, kDim});
    if (is_apart) d.graph().node({"silu@1", {gated}, ff_dim});
    if (shows_gate) d.graph().output(gated, "gated");
    const std::uint32_t raised = matmul(d, "up", {up, normed, ff_dim, kDim});
    const std::uint32_t act = d.graph().node({"swiglu@1", {gated, raised}, ff_dim});
    if (!has_down) return act;
    const std::uint32_t down = matmul(d, "down", {up, between(d, act, ff_dim), kDim, ff_dim});
    return d.graph().node({"add@1", {sum, down}, kDim});
  }

 private:
  struct Product {
    StorageEntry storage;
    std::uint32_t x;
    std::int64_t n_rows, n_cols;
  };
  std::uint32_t between(Draft& d, std::uint32_t x, std::int64_t width) const {
    return is_apart ? d.graph().node({"scale@1", {x}, width, {}, {{"factor", 1.0}}}) : x;
  }
  /// Scales of a size that keeps results finite.
  std::uint32_t matmul(Draft& d, const char* name, const Product& product) const {
    const std::uint32_t w =
        d.matrix(name, product.storage, static_cast<std::size_t>(product.n_rows),
                 static_cast<std::size_t>(product.n_cols));
    for (float& scale : d.weight(w).scales) scale = 0x1p-9f;
    for (float& min : d.weight(w).mins) min = 0x1p-9f;
    return d.graph().node({"matmul@1", {product.x, w}, product.n_rows});
  }
};

conformance::Experiment made(const FeedForward& layer, std::uint32_t n_tokens) {
  conformance::Random random(7);
  Draft draft({"", {{conformance::run_of(0, 0, n_tokens)}}}, conformance::InputClass::kNormal,
              random);
  const std::uint32_t output = layer.build(draft);
  return draft.finish(output);
}

std::vector<float> result(const CpuDevice& cpu, const FeedForward& layer, std::uint32_t n_tokens,
                          bool precise) {
  const conformance::Experiment experiment = made(layer, n_tokens);
  return conformance::Session(cpu.device(), experiment.setup, precise).run(experiment.steps[0]);
}

std::vector<std::string> step_names(const FeedForward& layer, bool precise = false) {
  const conformance::Experiment experiment = made(layer, 3);
  const sdk::GraphView graph(conformance::graph_api(), experiment.setup.graph.handle());
  std::deque<Layout> layouts;
  ProgramRequest request{};
  request.graph = &graph;
  request.max_tokens = request.max_outputs = 3;
  request.precise = precise;
  request.kernels = usable_kernels().front();
  for (const auto& [value, data] : experiment.setup.weights) {
    layouts.push_back(make_layout(conformance::Device::describe("w", data)));
    request.weights[value] = {&layouts.back(), nullptr};
  }
  std::vector<std::string> names;
  const Program program(request);
  for (const auto& step : program.steps()) names.push_back(step->op);
  return names;
}

using Names = std::vector<std::string>;
StorageEntry packed() {
  return conformance::gguf_classes()[7];
}

TEST(Fuse, MakesFourStepsOfAFeedForward) {
  EXPECT_EQ(step_names({packed(), packed()}),
            (Names{"add+rms_norm+quantize", "matmul+swiglu+quantize", "matmul", "add"}));
}

TEST(Fuse, QuantizesNothingThatIsMultipliedInF32) {
  EXPECT_EQ(step_names({packed(), packed()}, true),
            (Names{"add+rms_norm", "matmul+swiglu", "matmul", "add"}));
}

TEST(Fuse, LeavesAGateThatIsReadTwice) {
  FeedForward layer{packed(), packed()};
  layer.is_apart = true;
  EXPECT_EQ(step_names(layer),
            (Names{"add", "scale", "rms_norm", "scale", "quantize", "matmul", "matmul", "silu",
                   "swiglu", "scale", "quantize", "matmul", "add"}));
}

TEST(Fuse, LeavesAGateThatTheCallerWants) {
  FeedForward layer{packed(), packed()};
  layer.shows_gate = true;
  EXPECT_EQ(step_names(layer), (Names{"add+rms_norm+quantize", "matmul", "matmul", "swiglu",
                                      "quantize", "matmul", "add"}));
}

class FusedBits : public ::testing::TestWithParam<std::string> {
 protected:
  void expect_same(FeedForward layer, std::uint32_t n_tokens, bool precise) const {
    layer.is_apart = true;
    const std::vector<float> want = result(alone_, layer, n_tokens, precise);
    for (const float value : want) ASSERT_TRUE(std::isfinite(value)) << layer.gate.name;
    layer.is_apart = false;
    for (const CpuDevice* cpu : {&alone_, &three_}) {
      const std::vector<float> got = result(*cpu, layer, n_tokens, precise);
      EXPECT_TRUE(got.size() == want.size() &&
                  std::memcmp(got.data(), want.data(), got.size() * sizeof(float)) == 0)
          << layer.gate.name << ", " << layer.up.name << ", " << n_tokens << " tokens"
          << (precise ? ", precise" : "");
    }
  }

 private:
  CpuDevice alone_{GetParam(), 1}, three_{GetParam(), 3};
};

TEST_P(FusedBits, AreThoseOfAnyFormatTakenApart) {
  std::vector<StorageEntry> all = conformance::plain_types();
  for (const StorageEntry& entry : conformance::gguf_classes()) all.push_back(entry);
  for (const StorageEntry& storage : all)
    for (const bool precise : {false, true}) expect_same({storage, storage}, 7, precise);
}

TEST_P(FusedBits, AreThoseOfTwoFormatsTakenApart) {
  const std::vector<StorageEntry> all = conformance::gguf_classes();
  for (std::size_t i = 0; i + 1 < all.size(); ++i) expect_same({all[i], all[i + 1]}, 1, false);
  expect_same({conformance::plain_types()[0], packed()}, 7, false);
}

TEST_P(FusedBits, AreThoseOfMoreTokensThanGoTogether) {
  expect_same({packed(), packed()}, 600, false);
}

TEST_P(FusedBits, AreThoseOfATileThatIsCut) {
  for (const std::int64_t ff_dim : {5, 16, 77}) {
    FeedForward layer{packed(), packed(), ff_dim};
    layer.has_down = false;
    expect_same(layer, 7, false);
  }
}

INSTANTIATE_TEST_SUITE_P(Cpu, FusedBits, ::testing::ValuesIn(isa_names()),
                         [](const auto& made) { return isa_case_name(made); });

}  // namespace
}  // namespace wick::cpu

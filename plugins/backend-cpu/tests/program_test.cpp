// How a graph becomes steps: as few barriers as its dependences ask for, and no place in the arena
// for two values that a thread could meet at once.
#include "program.h"

#include "conformance/small_model.h"

#include <gtest/gtest.h>

#include <deque>

namespace wick::cpu {
namespace {

/// One layer with attention and a convolution; see SmallModel.
class Programs : public ::testing::TestWithParam<std::uint32_t> {
 protected:
  Programs() {
    const conformance::Setup& setup = model_.setup();
    ProgramRequest request{};
    request.graph = &graph_;
    request.max_tokens = request.max_outputs = GetParam();
    request.kernels = usable_kernels().front();
    for (const auto& [value, data] : setup.weights) {
      layouts_.push_back(make_layout(conformance::Device::describe("w", data)));
      request.weights[value] = {&layouts_.back(), nullptr};
    }
    program_ = std::make_unique<Program>(request);
  }
  std::uint32_t n_barriers() const { return program_->steps().back()->phase; }

  conformance::SmallModel model_{conformance::gguf_classes()[7], 4, 40};
  sdk::GraphView graph_{conformance::graph_api(), model_.setup().graph.handle()};
  std::deque<Layout> layouts_;
  std::unique_ptr<Program> program_;
};

TEST_P(Programs, HaveNoBarrierThatDependencesDoNotAskFor) {
  // embedding, norm, quantized | q, k, v | rotated, stored | attention | norm, add, convolution,
  // add, norm | the wanted rows, quantized | logits; the convolution of several tokens stands
  // alone.
  EXPECT_EQ(n_barriers(), GetParam() == 1 ? 6u : 8u);
}

TEST_P(Programs, ShareNoPlaceWithinAPhase) {
  struct Life {
    std::uint64_t begin, end;
    std::uint32_t first = 0, last = 0;
    bool is_made = false;
  };
  const auto& values = program_->values();
  std::vector<Life> lives;
  for (const Value& value : values)
    lives.push_back({value.offset, value.offset + GetParam() * value.row_bytes});
  for (const auto& step : program_->steps()) {
    for (const std::uint32_t value : step->writes) {
      if (values[value].is_external) continue;
      lives[value].first = lives[value].last = step->phase;
      lives[value].is_made = true;
    }
    for (const std::uint32_t value : step->reads) lives[value].last = step->phase;
  }
  for (std::size_t a = 0; a < lives.size(); ++a) {
    if (lives[a].is_made) {
      EXPECT_LE(lives[a].end, program_->arena_bytes());
    }
    for (std::size_t b = 0; b < a; ++b) {
      const bool at_once = lives[a].is_made && lives[b].is_made &&
                           lives[a].first <= lives[b].last && lives[b].first <= lives[a].last;
      if (at_once) {
        EXPECT_TRUE(lives[a].end <= lives[b].begin || lives[b].end <= lives[a].begin)
            << "values " << b << " and " << a;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Cpu, Programs, ::testing::Values(1u, 40u), [](const auto& made) {
  return "batches_of_" + std::to_string(made.param);
});

}  // namespace
}  // namespace wick::cpu

// The table of a profile: one line for each op, class and shape, with calls, shares and rates.
#include "profile.h"

#include <gtest/gtest.h>

#include <thread>

namespace wick::cpu {
namespace {

class NamedStep final : public Step {
 public:
  NamedStep(std::string name, std::string of_weight) {
    op = std::move(name);
    weight = std::move(of_weight);
  }
  void run(const RunContext&, const sdk::Team&) const noexcept override {}
};

std::vector<std::unique_ptr<Step>> steps_of(
    const std::vector<std::pair<std::string, std::string>>& names) {
  std::vector<std::unique_ptr<Step>> steps;
  for (const auto& [op, weight] : names) steps.push_back(std::make_unique<NamedStep>(op, weight));
  return steps;
}

bool holds(const std::string& line, const std::string& text) {
  return line.find(text) != std::string::npos;
}

TEST(Profile, SaysNothingBeforeTheFirstRun) {
  EXPECT_TRUE(Profile(steps_of({{"add", ""}})).lines().empty());
}

TEST(Profile, GivesEveryOpAndShapeOneLineTheLongestFirst) {
  const auto steps = steps_of({{"add", ""}, {"matmul", "u4g32 [8, 64]"}, {"add", ""}});
  Profile profile(steps);
  for (int i = 0; i < 2; ++i) {
    profile.begin(3);
    profile.ran(0, {});
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    profile.ran(1, {1000000, 5000000});
    profile.waited();
    profile.ran(2, {});
    profile.waited();
  }
  const std::vector<std::string> lines = profile.lines();
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_TRUE(holds(lines[0], "2 runs, 6 tokens")) << lines[0];
  EXPECT_EQ(lines[2].rfind("matmul u4g32 [8, 64]        2", 0), 0u) << lines[2];
  EXPECT_EQ(lines[3].rfind("add                         4", 0), 0u) << lines[3];
  for (const std::string& line : lines) EXPECT_LE(line.size(), 100u) << line;
}

TEST(Profile, NamesAMatrixByClassAndShape) {
  auto desc = sdk::make<wick_weight_desc>();
  desc.use = WICK_USE_MATMUL;
  desc.n_rows = 16;
  desc.n_cols = 64;
  desc.plain_type = WICK_TYPE_F16;
  EXPECT_EQ(weight_text(make_layout(desc)), "f16 [16, 64]");
}

}  // namespace
}  // namespace wick::cpu

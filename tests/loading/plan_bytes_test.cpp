// Whether a plan's bytes are those that are allocated: within 3 % a device, for models by contexts.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <set>

#include "schedule/executor.h"
#include "schedule/plan_report.h"
#include "session_rows.h"

namespace wick {
namespace {

struct Bytes {
  std::uint64_t weights = 0, state = 0;
};

/// By the name of the line's device.
std::map<std::string, Bytes> planned(const PlanReport& plan) {
  std::map<std::string, Bytes> bytes;
  for (const PlanLine& line : plan.lines) {
    bytes[line.entry].weights += line.bytes.weights;
    bytes[line.entry].state += line.bytes.state;
  }
  return bytes;
}

std::map<std::string, Bytes> allocated(Model& model, std::uint32_t n_blocks) {
  std::map<std::string, Bytes> bytes;
  std::set<const wick_weight*> seen;
  model.executor().reserve_blocks(n_blocks);
  const auto& segments = model.executor().segments();
  for (std::size_t i = 0; i < segments.size(); ++i) {
    Bytes& of_device = bytes[model.plan().lines[i].entry];
    const Device& device = segments[i].device();
    for (const wick_weight_binding& bound : segments[i].weights())
      if (seen.insert(bound.weight).second)
        of_device.weights += device.table().weight_bytes(device.self(), bound.weight);
    of_device.state += segments[i].block_bytes() * n_blocks;
  }
  return bytes;
}

void expect_near(std::uint64_t plan, std::uint64_t real, const std::string& what) {
  EXPECT_LE(std::fabs(static_cast<double>(plan) - static_cast<double>(real)),
            0.03 * static_cast<double>(real))
      << what << ": planned " << plan << ", allocated " << real;
}

class PlanBytes3Percent : public testing::TestWithParam<std::tuple<const char*, std::uint32_t>> {};

TEST_P(PlanBytes3Percent, OfWhatIsAllocatedWholeAndSplit) {
  const auto [name, context] = GetParam();
  const std::string path = model_file(name);
  if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is not here";
  for (const bool is_split : {false, true}) {
    ModelOptions options = Loaded::small_options(path, 64, false);
    options.context = context;
    if (is_split) {
      options.backends = {"cpu", "cpu"};
      options.layers = {{"cpu#2", 1}};
    }
    Loaded loaded(options, 2);
    const auto plan = planned(loaded.model->plan());
    const auto real = allocated(*loaded.model, (context + 31) / 32);
    ASSERT_EQ(plan.size(), is_split ? 2u : 1u);
    ASSERT_EQ(real.size(), plan.size());
    for (const auto& [entry, bytes] : real) {
      ASSERT_GT(bytes.weights, 0u);
      expect_near(plan.at(entry).weights, bytes.weights, entry + " weights");
      expect_near(plan.at(entry).state, bytes.state, entry + " state");
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Models, PlanBytes3Percent,
                         testing::Combine(testing::Values("bundled", "ember-BF16", "ember-Q4_K_M",
                                                          "taper-BF16", "taper-Q8_0", "taper-Q4_0"),
                                          testing::Values(64u, 500u, 2048u)),
                         [](const testing::TestParamInfo<PlanBytes3Percent::ParamType>& which) {
                           std::string name = std::get<0>(which.param);
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name + "_" + std::to_string(std::get<1>(which.param));
                         });

}  // namespace
}  // namespace wick

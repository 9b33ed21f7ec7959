// Every cut of a model between a GPU and the CPU, and between two entries of one GPU, gives the
// CPU's logits within a bound. Any driver will do, one in software too; without one the tests skip.
#include <gtest/gtest.h>
#include <wick/error.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "plugins/device_check.h"
#include "schedule/executor.h"
#include "schedule/plan_report.h"
#include "session_rows.h"

namespace wick {
namespace {

constexpr const char* kBackend = "vulkan";

struct Logits {
  Rows rows;
  std::uint32_t n_layers = 0;
};

Logits logits_of(const std::string& path, const std::vector<std::string>& backends,
                 const std::vector<DeviceNumber>& layers) {
  ModelOptions options = Loaded::small_options(path, 16, true);
  options.backends = backends;
  options.layers = layers;
  Loaded loaded(options, 2);
  Session session(*loaded.model);
  const SequenceId sequence = session.create();
  Logits logits{append(session, sequence, prompt(37, 7)), loaded.model->facts().n_layers};
  const SequenceId fork = session.fork(sequence);  // in the middle of a block
  for (auto& row : append(session, fork, prompt(3, 3))) logits.rows.push_back(std::move(row));
  session.truncate(sequence, 34);
  for (auto& row : append(session, sequence, {5})) logits.rows.push_back(std::move(row));
  return logits;
}

/// The largest difference of a row over the row's root mean square, of all rows.
double relative_error(const Rows& rows, const Rows& expected) {
  EXPECT_EQ(rows.size(), expected.size());
  double largest = 0;
  for (std::size_t i = 0; i < std::min(rows.size(), expected.size()); ++i) {
    double difference = 0, squares = 0;
    for (std::size_t j = 0; j < rows[i].size(); ++j) {
      difference = std::max(difference, std::fabs(double{rows[i][j]} - double{expected[i][j]}));
      squares += double{expected[i][j]} * double{expected[i][j]};
    }
    largest = std::max(largest,
                       difference / std::sqrt(squares / static_cast<double>(expected[i].size())));
  }
  return largest;
}

class GpuSplit : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    path_ = model_file(GetParam());
    if (!std::filesystem::exists(path_)) GTEST_SKIP() << path_ << " is not here";
    Runtime runtime(test_runtime_options(1));
    try {
      const DeviceReport report = check_devices(runtime.registry().find("backend", kBackend));
      if (report.state != PluginState::kLoaded)
        GTEST_SKIP() << "no Vulkan device: " << report.sentence;
    } catch (const Error& e) {
      GTEST_SKIP() << "no Vulkan device: " << e.what();
    }
  }
  std::string path_;
};

TEST_P(GpuSplit, GivesTheLogitsOfTheCpuWhereverItIsCut) {
  const std::string gpu = kBackend, first_gpu = gpu + ":0";
  const Logits cpu = logits_of(path_, {"cpu"}, {});
  // All in f32 (--precise), sums in another order: a layer of width up to 256 adds some 1e-6 of the
  // activations' size, a dozen layers and the output's gain of about 10 make 1e-3 with room. A
  // value that is lost or stale at a border makes an error near 1.
  constexpr double kBound = 1e-3;
  for (std::uint32_t n = 0; n <= cpu.n_layers; ++n) {
    EXPECT_LT(relative_error(logits_of(path_, {gpu, "cpu"}, {{gpu, n}}).rows, cpu.rows), kBound)
        << n << " layers on the GPU, then the CPU";
    EXPECT_LT(relative_error(logits_of(path_, {"cpu", gpu}, {{"cpu", n}}).rows, cpu.rows), kBound)
        << n << " layers on the CPU, then the GPU";
    EXPECT_LT(relative_error(logits_of(path_, {first_gpu, first_gpu}, {{first_gpu + "#1", n}}).rows,
                             cpu.rows),
              kBound)
        << n << " layers on the first entry of the GPU";
  }
}

INSTANTIATE_TEST_SUITE_P(Models, GpuSplit,
                         testing::Values("tiny", "bundled", "ember-BF16", "taper-BF16",
                                         "taper-Q4_K_M"),
                         [](const testing::TestParamInfo<const char*>& which) {
                           std::string name = which.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace wick

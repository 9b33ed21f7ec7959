// Every cut of a model between a GPU and the CPU, between two entries of one GPU, and among GPUs of
// two backends and the CPU gives the CPU's logits within a bound. Any driver will do, one in
// software too; without one the tests skip.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "no_device.h"
#include "schedule/executor.h"
#include "schedule/plan_report.h"
#include "session_rows.h"

namespace wick {
namespace {

// All in f32 (--precise), sums in another order: a layer of width up to 256 adds some 1e-6 of the
// activations' size, a dozen layers and the output's gain of about 10 make 1e-3 with room. A value
// that is lost or stale at a border makes an error near 1.
constexpr double kBound = 1e-3;

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

/// The backends that a case needs, and the name of a model.
using Case = std::tuple<std::vector<std::string>, const char*>;

class GpuSplit : public testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    path_ = model_file(std::get<1>(GetParam()));
    if (!std::filesystem::exists(path_)) GTEST_SKIP() << path_ << " is not here";
    Runtime runtime(test_runtime_options(1));
    for (const std::string& backend : std::get<0>(GetParam())) {
      const std::string missing = no_device(runtime.registry(), backend);
      if (!missing.empty()) GTEST_SKIP() << missing;
    }
  }
  std::string path_;
};
class TwoGpusSplit : public GpuSplit {};

TEST_P(GpuSplit, GivesTheLogitsOfTheCpuWhereverItIsCut) {
  const std::string gpu = std::get<0>(GetParam()).front(), first_gpu = gpu + ":0";
  const Logits cpu = logits_of(path_, {"cpu"}, {});
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

TEST_P(TwoGpusSplit, GiveTheLogitsOfTheCpuWhereverTheyAreCut) {
  std::vector<std::string> backends = std::get<0>(GetParam());
  const std::string first = backends[0], second = backends[1];
  backends.push_back("cpu");
  const Logits cpu = logits_of(path_, {"cpu"}, {});
  for (std::uint32_t n = 0; n <= cpu.n_layers; ++n)
    for (std::uint32_t m = 0; n + m <= cpu.n_layers; ++m)
      EXPECT_LT(
          relative_error(logits_of(path_, backends, {{first, n}, {second, m}}).rows, cpu.rows),
          kBound)
          << n << " layers on " << first << ", then " << m << " on " << second;
}

std::string name_of(const testing::TestParamInfo<Case>& which) {
  std::string name;
  for (const std::string& backend : std::get<0>(which.param)) name += backend + "_";
  name += std::get<1>(which.param);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Models, GpuSplit,
                         testing::Combine(testing::Values(std::vector<std::string>{"vulkan"},
                                                          std::vector<std::string>{"opencl"}),
                                          testing::Values("tiny", "bundled", "ember-BF16",
                                                          "taper-BF16", "taper-Q4_K_M")),
                         name_of);
INSTANTIATE_TEST_SUITE_P(
    Models, TwoGpusSplit,
    testing::Combine(testing::Values(std::vector<std::string>{"vulkan", "opencl"},
                                     std::vector<std::string>{"opencl", "vulkan"}),
                     testing::Values("tiny")),
    name_of);

}  // namespace
}  // namespace wick

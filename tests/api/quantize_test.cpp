// wick_quantize: a file that loads, and nothing where it is refused or cancelled.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "api_fixture.h"

namespace wick_api_test {
namespace {

namespace fs = std::filesystem;

class ApiQuantize : public testing::Test {
 protected:
  ApiQuantize() {
    fs::remove(path_);
    wick_quantize_options_init(&options_, sizeof options_);
    options_.source = WICK_TEST_MODEL;
    options_.output = path_.c_str();
    options_.type = "F16";
  }
  ~ApiQuantize() override { fs::remove(path_); }

  wick_status run(Failure& failure, wick_quantize_stats* stats = nullptr) {
    return wick_quantize(engine(), &options_, stats, &failure);
  }

  const std::string path_ = testing::TempDir() + "wick-api-quantize.gguf";
  wick_quantize_options options_;
};

TEST_F(ApiQuantize, WritesAFileThatLoads) {
  wick_quantize_stats stats;
  stats.struct_size = sizeof stats;
  Failure failure;
  ASSERT_EQ(run(failure, &stats), WICK_STATUS_OK) << failure.message();
  EXPECT_GT(stats.n_tensors, 10u);
  EXPECT_GT(stats.output_bytes, stats.source_bytes);
  wick_load_options load = load_options();
  load.path = path_.c_str();
  wick_model* made = nullptr;
  EXPECT_EQ(wick_model_load(engine(), &load, &made, nullptr), WICK_STATUS_OK);
  wick_model_free(made);
  Failure again;
  EXPECT_EQ(run(again), WICK_STATUS_USAGE);
  EXPECT_TRUE(again.says("wick-api-quantize.gguf")) << again.message();
}

TEST_F(ApiQuantize, LeavesNothingWhereItIsCancelled) {
  options_.progress = [](void*, const char*, double) -> int32_t { return 1; };
  Failure failure;
  EXPECT_EQ(run(failure), WICK_STATUS_CANCELLED) << failure.message();
  EXPECT_FALSE(fs::exists(path_));
}

TEST_F(ApiQuantize, RefusesTypesThatAreNotThereOrTooMany) {
  Failure unknown, both, none;
  options_.type = "Q99_X";
  EXPECT_EQ(run(unknown), WICK_STATUS_UNAVAILABLE);
  EXPECT_TRUE(unknown.says("Q99_X")) << unknown.message();
  options_.target_bits = 4;
  EXPECT_EQ(run(both), WICK_STATUS_USAGE);
  options_.type = nullptr;
  options_.target_bits = 0;
  EXPECT_EQ(run(none), WICK_STATUS_USAGE);
  EXPECT_FALSE(fs::exists(path_));
}

TEST_F(ApiQuantize, RefusesStatsWithoutTheirSizeBeforeAnythingIsWritten) {
  wick_quantize_stats stats{};
  Failure failure;
  EXPECT_EQ(run(failure, &stats), WICK_STATUS_BAD_ARGUMENT);
  EXPECT_FALSE(fs::exists(path_));
}

}  // namespace
}  // namespace wick_api_test

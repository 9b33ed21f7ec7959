// Measuring a device through the contract, and keeping what was measured.
#include <gtest/gtest.h>
#include <wick/error.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "schedule/device_speed.h"
#include "schedule/product_chain.h"
#include "schedule/speed_cache.h"
#include "session_rows.h"
#include "twin_runtime.h"

namespace wick {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}
void write(const fs::path& file, const std::string& text) {
  std::ofstream(file, std::ios::trunc) << text;
}

/// A folder of its own.
class SpeedCaches : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) /
              ("wick-speed-" + std::to_string(::testing::UnitTest::GetInstance()->random_seed()) +
               ::testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }
  fs::path folder_;
};

TEST_F(SpeedCaches, KeepWhatWasMeasuredForOneKey) {
  const SpeedCache cache(folder_, "one");
  EXPECT_FALSE(cache.load());
  cache.store({1.0 / 3, 5e11, 6.01e-07});
  const auto kept = cache.load();
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->read_bytes, 1.0 / 3);
  EXPECT_EQ(kept->macs, 5e11);
  EXPECT_EQ(kept->run_seconds, 6.01e-07);
  EXPECT_FALSE(SpeedCache(folder_, "two").load());
  fs::copy_file(*cache.file(), *SpeedCache(folder_, "two").file());
  EXPECT_FALSE(SpeedCache(folder_, "two").load());
}

TEST_F(SpeedCaches, TakeNoDamagedFile) {
  const SpeedCache cache(folder_, "key");
  cache.store({1e10, 5e11, 1e-6});
  const std::string good = text_of(*cache.file());
  for (std::size_t n = 0; n < good.size(); ++n) {  // cut anywhere
    write(*cache.file(), good.substr(0, n));
    EXPECT_FALSE(cache.load()) << n;
  }
  for (std::size_t i = 0; i < good.size(); ++i) {  // any byte another
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    write(*cache.file(), bad);
    EXPECT_FALSE(cache.load()) << i;
  }
  write(*cache.file(), good + "x");
  EXPECT_FALSE(cache.load());
  write(*cache.file(), std::string(1 << 20, 'x'));
  EXPECT_FALSE(cache.load());
  cache.store({2e10, 5e11, 1e-6});  // and a damaged one is written anew
  EXPECT_TRUE(cache.load());
}

TEST_F(SpeedCaches, DoWithoutAFolder) {
  const SpeedCache nowhere(std::nullopt, "key");
  nowhere.store({1, 1, 1});
  EXPECT_FALSE(nowhere.load());
  const SpeedCache missing(folder_ / "not" / "there", "key");
  missing.store({1, 1, 1});
  EXPECT_FALSE(missing.load());
}

TEST(DeviceSpeed, IsMeasuredThroughTheContractInAboutTwoSeconds) {
  Runtime runtime(test_runtime_options(2));
  const ListedDevice cpu = open_devices(runtime.registry(), {"cpu"}).front();
  const auto begin = std::chrono::steady_clock::now();
  const auto speed = measure_speed(cpu.device, cpu.facts, runtime.pool());
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  ASSERT_TRUE(speed);
  // What any machine that builds this can, and none.
  EXPECT_GT(speed->read_bytes, 1e6);
  EXPECT_LT(speed->read_bytes, 1e14);
  EXPECT_GT(speed->macs, 1e6);
  EXPECT_LT(speed->macs, 1e16);
  EXPECT_GT(speed->run_seconds, 0);
  EXPECT_LT(speed->run_seconds, 1);
  EXPECT_LT(seconds, 60) << "a sanitizer may make it slow, but it adapts";
}

TEST(DeviceSpeed, TakesMoreMemoryForMoreMatrices) {
  Runtime runtime(test_runtime_options(2));
  const ListedDevice cpu = open_devices(runtime.registry(), {"cpu"}).front();
  ProductChain one(cpu.device, {256, 1, 4}, runtime.pool());
  ProductChain three(cpu.device, {256, 3, 4}, runtime.pool());
  EXPECT_EQ(three.weight_bytes(), 3 * one.weight_bytes());
  EXPECT_EQ(three.n_macs(), 3u * 256 * 256);
  EXPECT_GT(three.seconds(1, 1), 0);
  EXPECT_GT(three.seconds(4, 1), 0);
}

TEST(DeviceSpeed, IsMeasuredOfADeviceThatIsSlowAndCannotImport) {
  Runtime runtime(twin_options());
  const ListedDevice twin = open_devices(runtime.registry(), {"twin"}).front();
  ProductChain chain(twin.device, {256, 2, 2}, runtime.pool());
  EXPECT_GT(chain.seconds(1, 1), 0);
  EXPECT_GT(chain.seconds(2, 1), 0);
}

}  // namespace
}  // namespace wick

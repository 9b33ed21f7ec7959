// Backends that load, and are wrong, crash or hang when they compute.
#include "plugins/runtime.h"
#include "plugins/tests/plugin_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

namespace wick {
namespace {

using testing::error_of;
using ::testing::HasSubstr;
using testing::PluginFolder;
using testing::row_of;
using ::testing::StartsWith;

constexpr char kProbed[] = R"({"kind": "backend", "id": "idle", "rank": 90, "probe": "child"})";

PluginRow row_with(const std::string& fault, int milliseconds = 20000) {
  const PluginFolder folder;
  folder.add("tried", kProbed);
  auto options = folder.options();
  options.options["test.fault"] = fault;
  options.probe_timeout = std::chrono::milliseconds(milliseconds);
  return row_of(options, "idle");
}

TEST(DeviceTest, PassesADeviceThatComputesWhatItShould) {
  const auto row = row_with("");
  EXPECT_EQ(row.state, PluginState::kLoaded) << row.sentence;
}

TEST(DeviceTest, TellsWhichDeviceIsWrongAndHow) {
  const auto row = row_with("product");
  EXPECT_EQ(row.state, PluginState::kProbeFailed);
  EXPECT_THAT(row.sentence, StartsWith("device 0 (reference): matmul@1 gives "));
  EXPECT_THAT(row.sentence, HasSubstr(" in row 0, column "));
  EXPECT_THAT(row.sentence, HasSubstr(", need "));
}

TEST(DeviceTest, SeesWrongScores) {
  const auto row = row_with("scores");
  EXPECT_EQ(row.state, PluginState::kProbeFailed);
  EXPECT_THAT(row.sentence, StartsWith("device 0 (reference): attention@1 gives "));
}

TEST(DeviceTest, SeesAStateThatIsNotWrittenOrCopied) {
  for (const char* fault : {"write", "copy"}) {
    const auto row = row_with(fault);
    EXPECT_EQ(row.state, PluginState::kProbeFailed);
    EXPECT_THAT(row.sentence, HasSubstr("after its state was read, written and copied")) << fault;
  }
}

TEST(DeviceTest, SurvivesACrashInRun) {
  const auto row = row_with("crash");
  EXPECT_EQ(row.state, PluginState::kCrashed);
  EXPECT_THAT(row.sentence, StartsWith("it crashes in matmul@1 on device 0 (reference) with SIG"));
}

TEST(DeviceTest, EndsAHangInRunAfterItsTime) {
  const auto row = row_with("hang", 2000);
  EXPECT_EQ(row.state, PluginState::kProbeFailed);
  EXPECT_EQ(row.sentence, "it hangs in matmul@1 on device 0 (reference): no answer in 2 s");
}

TEST(DeviceTest, KeepsWhatTheDeviceSays) {
  const auto row = row_with("fail");
  EXPECT_EQ(row.state, PluginState::kProbeFailed);
  EXPECT_EQ(row.sentence, "device 0 (reference): matmul@1 fails: the device is lost");
}

TEST(DeviceTest, DoesNotBlameADriverForMemoryThatOthersHave) {
  EXPECT_EQ(row_with("memory").state, PluginState::kLoaded);
}

TEST(DeviceTest, RefusesAnExplicitRequestWithTheSameSentence) {
  const PluginFolder folder;
  folder.add("tried", kProbed);
  auto options = folder.options();
  options.options["test.fault"] = "product";
  Runtime runtime(options);
  std::string said;
  EXPECT_EQ(error_of([&] { runtime.registry().find("backend", "idle"); }, &said),
            ErrorCode::kUnavailable);
  EXPECT_THAT(said, HasSubstr("probe-failed (device 0 (reference): matmul@1 gives "));
}

}  // namespace
}  // namespace wick

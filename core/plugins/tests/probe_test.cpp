// Plugins that crash and hang for real, tried in a child: this process must not notice.
#include "plugins/diagnostics.h"
#include "plugins/plugin_state.h"
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

constexpr char kProbed[] = R"({"kind": "backend", "id": "idle", "rank": 90, "probe": "child"})";

PluginRow probed_row(const std::string& module, int milliseconds = 5000) {
  const PluginFolder folder;
  folder.add(module, kProbed);
  auto options = folder.options();
  options.probe_timeout = std::chrono::milliseconds(milliseconds);
  return row_of(options, "idle");
}

TEST(Probe, SurvivesACrashInAStaticConstructor) {
  const auto row = probed_row("crash_in_constructor");
  EXPECT_EQ(row.state, PluginState::kCrashed);
  EXPECT_THAT(row.sentence, HasSubstr("crashes in its static constructors"));
  EXPECT_THAT(row.sentence, HasSubstr("with SIGABRT (Aborted)"));
}

TEST(Probe, SurvivesACrashInInit) {
  const auto row = probed_row("crash_in_init");
  EXPECT_EQ(row.state, PluginState::kCrashed);
  // A trap is SIGILL or SIGTRAP by processor.
  EXPECT_THAT(row.sentence, HasSubstr("it crashes in init() with SIG"));
}

TEST(Probe, EndsAHangAfterItsTime) {
  const auto start = std::chrono::steady_clock::now();
  const auto row = probed_row("hang_in_init", 2000);
  EXPECT_EQ(row.state, PluginState::kProbeFailed);
  EXPECT_EQ(row.sentence, "it hangs in init(): no answer in 2 s");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(30));
}

TEST(Probe, CallsAPluginThatEndsTheProgramCrashed) {
  const auto row = probed_row("exit_in_init");
  EXPECT_EQ(row.state, PluginState::kCrashed);
  EXPECT_EQ(row.sentence, "it ends the program in init() with exit code 7");
}

TEST(Probe, KeepsTheStateOfARefusal) {
  EXPECT_EQ(probed_row("wrong_magic").state, PluginState::kAbiMismatch);
  EXPECT_EQ(probed_row("guarded_throw").state, PluginState::kProbeFailed);
  EXPECT_EQ(probed_row("raw_throw").sentence, "init() threw: the sky is falling");
}

TEST(Probe, LoadsAPluginThatPassed) {
  const auto row = probed_row("devices");
  EXPECT_EQ(row.state, PluginState::kLoaded);
  EXPECT_EQ(row.sentence, "Idle 3000, 0 FLOP/s");
}

TEST(Probe, PassesOptionsAndTellsOfMissingDrivers) {
  const PluginFolder folder;
  folder.add("devices", kProbed);
  auto options = folder.options();
  options.options["test.devices"] = "driver";
  auto row = row_of(options, "idle");
  EXPECT_EQ(row.state, PluginState::kNoDriver);
  EXPECT_EQ(row.sentence, "open_driver(): no driver answers");
  options.options["test.devices"] = "0";
  EXPECT_EQ(row_of(options, "idle").state, PluginState::kNoDevice);
}

TEST(Probe, IsNotMadeForWhatNobodyAsksFor) {
  const PluginFolder folder;
  folder.add("crash_in_constructor", kProbed);
  folder.add("good", PluginFolder::kBytes, "org.test.other");
  Runtime runtime(folder.options());
  EXPECT_EQ(runtime.registry().offers("backend").size(), 1u);
  for (const auto& row : runtime.registry().rows())
    if (row.id == "idle") {
      EXPECT_EQ(row.state, PluginState::kAvailable);
    }
}

TEST(Probe, ExplainsWhatCrashedWithWhatItPrinted) {
  const PluginFolder folder;
  folder.add("crash_in_constructor", kProbed);
  Runtime runtime(folder.options());
  const auto found = runtime.registry().why("idle");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].probe_signal, "SIGABRT (Aborted)");
  EXPECT_THAT(found[0].probe_said, HasSubstr("the constructor says goodbye"));
  EXPECT_THAT(why_text(found), HasSubstr("    | the constructor says goodbye\n"));
  EXPECT_THAT(why_json(found), HasSubstr(R"x("probe_signal":"SIGABRT (Aborted)")x"));
  std::string said;
  EXPECT_EQ(error_of([&] { runtime.registry().find("backend", "idle"); }, &said),
            ErrorCode::kUnavailable);
  EXPECT_THAT(said, HasSubstr("org.test.plugin is crashed (it crashes in its static constructors"));
}

}  // namespace
}  // namespace wick

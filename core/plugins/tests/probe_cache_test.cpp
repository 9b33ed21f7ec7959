// Probes that are kept: how many children are started, and for how long an answer holds.
#include "plugins/probe_cache.h"

#include "plugins/runtime.h"
#include "plugins/tests/plugin_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <ctime>
#include <set>

namespace wick {
namespace {

using testing::error_of;
using ::testing::HasSubstr;
using testing::PluginFolder;
using testing::row_of;
namespace fs = std::filesystem;

constexpr char kProbed[] = R"({"kind": "backend", "id": "idle", "rank": 90, "probe": "child"})";
constexpr std::int64_t kNow = 1'800'000'000;

/// A plugin that tells in which processes it was, and whose driver is a file.
class TriedPlugin {
 public:
  explicit TriedPlugin(const std::string& fault = "") {
    folder.write("driver", "one");
    folder.add("tried", kProbed, "org.test.plugin",
               R"(, "fingerprint": [")" + (folder.path() / "driver").string() + "\"]");
    options = folder.options();
    options.options = {{"test.fault", fault}, {"test.marker", (folder.path() / "marker").string()}};
    options.probe_timeout = std::chrono::milliseconds(20000);
  }

  /// Children of all starts so far.
  std::size_t n_children() const {
    std::ifstream marker(folder.path() / "marker");
    std::set<std::string> ids;
    for (std::string line; std::getline(marker, line);)
      if (line != std::to_string(::getpid())) ids.insert(line);
    return ids.size();
  }
  PluginRow row() const { return row_of(options, "idle"); }
  Candidate candidate() const { return discover(options).at(0); }
  ProbeCache cache() const { return {folder.path() / "cache/probes", candidate(), options}; }

  PluginFolder folder;
  RuntimeOptions options;
};

ProbeReport report_of(PluginState state, const std::string& sentence = "") {
  ProbeReport report;
  report.state = state;
  report.sentence = sentence;
  return report;
}

TEST(ProbeCache, SavesTheChildAfterAPass) {
  const TriedPlugin plugin;
  EXPECT_EQ(plugin.row().state, PluginState::kLoaded);
  EXPECT_EQ(plugin.n_children(), 1u);
  EXPECT_EQ(plugin.row().state, PluginState::kLoaded);
  EXPECT_EQ(plugin.n_children(), 1u);
}

TEST(ProbeCache, KeepsACrashAndSaysSo) {
  const TriedPlugin plugin("crash");
  const auto first = plugin.row(), second = plugin.row();
  EXPECT_EQ(plugin.n_children(), 1u);
  EXPECT_EQ(first.state, PluginState::kCrashed);
  EXPECT_EQ(second.state, PluginState::kCrashed);
  EXPECT_EQ(second.sentence, first.sentence);
  EXPECT_EQ(first.hint, "");
  EXPECT_EQ(second.hint, "tried 0 min ago; wick plugins --rescan tries again");
  Runtime runtime(plugin.options);
  const auto details = runtime.registry().why("idle");
  ASSERT_TRUE(details.at(0).probe_age.has_value());
  EXPECT_THAT(details[0].probe_signal, HasSubstr("SIG"));
}

TEST(ProbeCache, TriesAgainWhenThePluginChanges) {
  const TriedPlugin plugin;
  plugin.row();
  const fs::path library = plugin.folder.path() / "tried.so";
  fs::last_write_time(library, fs::last_write_time(library) - std::chrono::hours(1));
  plugin.row();
  EXPECT_EQ(plugin.n_children(), 2u);
}

TEST(ProbeCache, TriesAgainWhenTheDriverChanges) {
  const TriedPlugin plugin("crash");
  plugin.row();
  plugin.folder.write("driver", "another");
  EXPECT_EQ(plugin.row().hint, "");
  EXPECT_EQ(plugin.n_children(), 2u);
}

TEST(ProbeCache, KeepsApartWhatOptionsDo) {
  TriedPlugin plugin("crash");
  EXPECT_EQ(plugin.row().state, PluginState::kCrashed);
  plugin.options.options["test.fault"] = "";
  EXPECT_EQ(plugin.row().state, PluginState::kLoaded);
  plugin.options.options["test.fault"] = "crash";
  EXPECT_EQ(plugin.row().state, PluginState::kCrashed);
  EXPECT_EQ(plugin.n_children(), 2u);
}

TEST(ProbeCache, KeepsNothingOfFullMemory) {
  const TriedPlugin plugin("memory");
  plugin.row();
  plugin.row();
  EXPECT_EQ(plugin.n_children(), 2u);
}

TEST(ProbeCache, KeepsNoAbsence) {
  TriedPlugin plugin;
  for (const PluginState state : {PluginState::kNoDriver, PluginState::kNoDevice,
                                  PluginState::kMissingDependency, PluginState::kAbiMismatch}) {
    plugin.cache().store(report_of(state, "nothing there"), kNow);
    EXPECT_FALSE(plugin.cache().find(kNow)) << state_name(state);
  }
}

TEST(ProbeCache, ForgetsWhenTold) {
  const TriedPlugin plugin("crash");
  plugin.row();
  forget_probes(plugin.options);
  EXPECT_EQ(plugin.row().hint, "");
  EXPECT_EQ(plugin.n_children(), 2u);
}

TEST(ProbeCache, LetsFailuresExpireInADayAndPassesInAWeek) {
  const TriedPlugin plugin;
  const ProbeCache cache = plugin.cache();
  for (const PluginState state : {PluginState::kCrashed, PluginState::kProbeFailed}) {
    cache.store(report_of(state, "it burns"), kNow);
    const auto kept = cache.find(kNow + 24 * 3600);
    ASSERT_TRUE(kept);
    EXPECT_EQ(kept->state, state);
    EXPECT_EQ(kept->sentence, "it burns");
    EXPECT_EQ(kept->age, std::chrono::hours(24));
    EXPECT_FALSE(cache.find(kNow + 24 * 3600 + 1));
    EXPECT_FALSE(cache.find(kNow - 1)) << "of a clock that was wrong";
  }
  cache.store(report_of(PluginState::kAvailable), kNow);
  EXPECT_TRUE(cache.find(kNow + 7 * 24 * 3600));
  EXPECT_FALSE(cache.find(kNow + 7 * 24 * 3600 + 1));
}

TEST(ProbeCache, KeepsWhatADriverPrintedWhateverItIs) {
  const TriedPlugin plugin;
  ProbeReport report = report_of(PluginState::kCrashed, "it \"crashes\"\n");
  report.said = std::string("\xff\xfe\0\x1b[31m", 8) + std::string(16000, '\x80');
  report.signal = "SIGSEGV (Segmentation fault)";
  const ProbeCache cache = plugin.cache();
  cache.store(report, kNow);
  const auto kept = cache.find(kNow);
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->said, report.said);
  EXPECT_EQ(kept->sentence, report.sentence);
  EXPECT_EQ(kept->signal, report.signal);
}

TEST(ProbeCache, KeepsWhichDevicesThereWere) {
  const TriedPlugin plugin;
  EXPECT_FALSE(recall_probe(plugin.candidate(), plugin.options));
  EXPECT_EQ(plugin.n_children(), 0u);
  plugin.row();
  const auto kept = recall_probe(plugin.candidate(), plugin.options);
  ASSERT_TRUE(kept);
  ASSERT_EQ(kept->devices.size(), 1u);
  EXPECT_EQ(kept->devices[0].backend, "idle");
  EXPECT_FALSE(kept->devices[0].name.empty());
  ProbeReport report = report_of(PluginState::kAvailable);
  report.devices = {{"a", "one"}, {"a", "\xff two"}, {"b", ""}};
  plugin.cache().store(report, kNow);
  const auto more = plugin.cache().find(kNow);
  ASSERT_TRUE(more);
  ASSERT_EQ(more->devices.size(), 3u);
  EXPECT_EQ(more->devices[1].name, "\xff two");
  EXPECT_EQ(more->devices[2].backend, "b");
}

TEST(ProbeCache, IgnoresEveryTornFileAndEveryFlippedByte) {
  const TriedPlugin plugin;
  const ProbeCache cache = plugin.cache();
  ProbeReport burnt = report_of(PluginState::kCrashed, "it burns");
  burnt.devices = {{"a", "one"}};
  cache.store(burnt, kNow);
  std::ifstream in(*cache.file(), std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  ASSERT_TRUE(cache.find(kNow));
  const auto write = [&](const std::string& damaged) {
    std::ofstream(*cache.file(), std::ios::binary | std::ios::trunc) << damaged;
  };
  for (std::size_t size = 0; size < text.size(); ++size) {
    write(text.substr(0, size));
    EXPECT_FALSE(cache.find(kNow)) << size;
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string damaged = text;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    write(damaged);
    EXPECT_FALSE(cache.find(kNow)) << i;
  }
  write(text);
  EXPECT_TRUE(cache.find(kNow));
}

TEST(ProbeCache, WritesACorruptFileAnew) {
  const TriedPlugin plugin;
  plugin.row();
  std::ofstream(*plugin.cache().file(), std::ios::trunc) << "[[[[[[[[";
  EXPECT_EQ(plugin.row().state, PluginState::kLoaded);
  EXPECT_EQ(plugin.n_children(), 2u);
  EXPECT_TRUE(plugin.cache().find(std::time(nullptr)));
}

TEST(ProbeCache, ReadsNoLink) {
  const TriedPlugin plugin;
  const ProbeCache cache = plugin.cache();
  cache.store(report_of(PluginState::kCrashed), kNow);
  const fs::path elsewhere = plugin.folder.path() / "elsewhere";
  fs::rename(*cache.file(), elsewhere);
  fs::create_symlink(elsewhere, *cache.file());
  EXPECT_FALSE(cache.find(kNow));
}

TEST(ProbeCache, WorksWithoutAFolderToWriteTo) {
  TriedPlugin plugin;
  // A file where the folder should be: not even root can write into it.
  plugin.options.cache_folder = plugin.folder.write("file", "");
  EXPECT_EQ(plugin.row().state, PluginState::kLoaded);
  EXPECT_EQ(plugin.row().state, PluginState::kLoaded);
  EXPECT_EQ(plugin.n_children(), 2u);
  plugin.options.cache_folder = "";
  EXPECT_EQ(plugin.row().state, PluginState::kLoaded);
  EXPECT_EQ(plugin.n_children(), 3u);
  forget_probes(plugin.options);
}

}  // namespace
}  // namespace wick

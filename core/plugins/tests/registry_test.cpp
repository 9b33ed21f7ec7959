// What is found, what is loaded for it, and what is said where nothing is found.
#include "plugins/registry.h"

#include "plugins/diagnostics.h"
#include "plugins/known_plugins.h"
#include "plugins/runtime.h"
#include "plugins/tests/plugin_folder.h"

#include <wick/abi/format.h>

#include <boost/json.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <tuple>

namespace wick {
namespace {

using ::testing::AllOf;
using testing::error_of;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::PluginFolder;
using testing::row_of;
using testing::sentence_of;

constexpr char kIdle[] = R"({"kind": "backend", "id": "idle", "rank": 3})";

std::string states_of(Registry& registry, std::string_view first, std::string_view second) {
  std::string text;
  for (const auto id : {first, second})
    for (const auto& row : registry.rows())
      if (row.id == id) text += (text.empty() ? "" : " ") + std::string(state_name(row.state));
  return text;
}

TEST(Registry, LoadsOnlyWhatIsAskedFor) {
  const PluginFolder folder;
  folder.add("good");
  folder.add("wrong_magic", kIdle, "org.test.idle");
  Runtime runtime(folder.options());
  auto& registry = runtime.registry();
  EXPECT_EQ(registry.offers("backend").size(), 1u);
  EXPECT_EQ(states_of(registry, "BYTES", "idle"), "available available");
  registry.find("quant", "BYTES");
  EXPECT_EQ(states_of(registry, "BYTES", "idle"), "loaded available");
}

TEST(Registry, ListsTheRecipesOfUsablePluginsAndLoadsNone) {
  const PluginFolder folder;
  folder.add("good", PluginFolder::kBytes, "org.test.good", R"(, "recipes": "good.json")");
  folder.add("devices", kIdle);
  folder.write("org.test.gone.wick.json",
               PluginFolder::manifest("org.test.gone", "gone.so", R"({"kind": "quant", "id": "G"})",
                                      R"(, "recipes": "gone.json")"));
  Runtime runtime(folder.options());
  EXPECT_THAT(runtime.registry().recipe_files(),
              ::testing::ElementsAre((folder.path() / "good.json").string()));
  EXPECT_EQ(states_of(runtime.registry(), "BYTES", "idle"), "available available");
}

TEST(Registry, KnowsWhichOptionsNobodyAskedFor) {
  const PluginFolder folder;
  folder.add("devices", kIdle);
  RuntimeOptions options = folder.options();
  options.options = {{"test.devices", "2"}, {"isa", "nonsense"}};
  Runtime runtime(options);
  auto& registry = runtime.registry();
  EXPECT_THAT(registry.unused_options({"idle"}), ::testing::ElementsAre("isa", "test.devices"));
  registry.find("backend", "idle");
  EXPECT_THAT(registry.unused_options({"idle"}), ::testing::ElementsAre("isa"));
  EXPECT_THAT(registry.unused_options({"another"}),  // that was looked at, and is not used
              ::testing::ElementsAre("isa", "test.devices"));
}

TEST(Registry, FindsAFormatByItsType) {
  const PluginFolder folder;
  folder.add("good");
  Runtime runtime(folder.options());
  EXPECT_EQ(runtime.registry().format_for_type(200).id, "BYTES");
  std::string said;
  EXPECT_EQ(error_of([&] { runtime.registry().format_for_type(2); }, &said),
            ErrorCode::kUnavailable);
  EXPECT_THAT(said, HasSubstr("tensor type 2 (Q4_0): its plugin org.wick.quant is not installed"));
  EXPECT_THAT(
      sentence_of([&] { runtime.registry().format_for_type(999); }),
      HasSubstr(
          "tensor type 999: no plugin offers it, installed of that kind: BYTES; see wick plugins"));
}

TEST(Registry, NamesThePackageOfAKnownPlugin) {
  const PluginFolder folder;
  Runtime runtime(folder.options());
  const auto said = sentence_of([&] { runtime.registry().find("backend", "vulkan"); });
  EXPECT_THAT(said, AllOf(HasSubstr("backend vulkan: its plugin org.wick.backend-vulkan is not "
                                    "installed"),
                          HasSubstr("see wick plugins --why vulkan")));
}

TEST(Registry, SaysWhatThereIsWhereAnIdIsUnknown) {
  const PluginFolder folder;
  folder.add("devices", kIdle);
  Runtime runtime(folder.options());
  EXPECT_THAT(
      sentence_of([&] { runtime.registry().find("backend", "abacus"); }),
      HasSubstr(
          "backend abacus: no plugin offers it, installed of that kind: idle; see wick plugins"));
  EXPECT_THAT(sentence_of([&] { runtime.registry().find("arch", "perceptron"); }),
              HasSubstr("unknown architecture 'perceptron': no plugin offers it, installed of that "
                        "kind: none; see wick plugins"));
}

TEST(Registry, TakesTheFirstOfTwoPluginsWhicheverIsLoadedFirst) {
  const PluginFolder folder;
  folder.copy_module("newer");  // offers BYTES only, under the id of the good one
  folder.write("org.test.plugin.wick.json", PluginFolder::manifest("org.test.plugin", "newer.so"));
  const PluginFolder second;
  second.add("traced", R"({"kind": "quant", "id": "TRACED"}, {"kind": "quant", "id": "BYTES"})",
             "org.test.traced");
  auto options = folder.options();
  options.directories->push_back({second.path(), true});
  options.options["test.trace"] =
      std::to_string(reinterpret_cast<std::uintptr_t>(+[](const char*) {}));
  Runtime runtime(options);
  runtime.registry().find("quant", "TRACED");
  EXPECT_EQ(runtime.registry().find("quant", "BYTES").plugin, "org.test.plugin");
  EXPECT_EQ(runtime.registry().offers("quant").size(), 2u);
}

TEST(Registry, PassesOverAPluginThatCannotBeLoaded) {
  const PluginFolder first, second;
  first.add("wrong_magic", PluginFolder::kBytes, "org.test.a");
  second.add("good");
  auto options = first.options();
  options.directories->push_back({second.path(), true});
  Runtime runtime(options);
  EXPECT_EQ(runtime.registry().find("quant", "BYTES").plugin, "org.test.plugin");
}

TEST(Registry, LeavesOutWhatAManifestDoesNotPromise) {
  const PluginFolder folder;
  folder.add("good");  // registers org.test.local@1 too
  Runtime runtime(folder.options());
  runtime.registry().find("quant", "BYTES");
  EXPECT_FALSE(runtime.registry().has("quant", "org.test.local@1"));
}

TEST(Registry, SaysThatAPromiseWasBroken) {
  const PluginFolder folder;
  folder.add("good", R"({"kind": "quant", "id": "NEVER"})");
  Runtime runtime(folder.options());
  EXPECT_THAT(sentence_of([&] { runtime.registry().find("quant", "NEVER"); }),
              HasSubstr("lacks what its manifest promises"));
}

TEST(Registry, LoadsAnExplicitLibraryWithoutAManifest) {
  const PluginFolder folder;
  const auto library = folder.copy_module("good");
  RuntimeOptions options;
  options.directories.emplace();
  options.plugin_files = {library.string()};
  Runtime runtime(options);
  EXPECT_EQ(runtime.registry().find("quant", "org.test.local@1").plugin, "org.test.plugin");
  EXPECT_EQ(runtime.registry().format_for_type(200).id, "BYTES");
  EXPECT_EQ(runtime.registry().offers("quant").size(), 2u);
}

TEST(Registry, AnExplicitPluginThatFailsIsAnError) {
  const PluginFolder folder;
  folder.add("good");
  const PluginFolder other;
  auto options = folder.options();
  options.plugin_files = {other.copy_module("wrong_magic").string()};
  Runtime runtime(options);
  std::string said;
  EXPECT_EQ(error_of([&] { runtime.registry().find("quant", "BYTES"); }, &said),
            ErrorCode::kUnavailable);
  EXPECT_THAT(said, AllOf(HasSubstr("--plugin "), HasSubstr("wrong_magic.so: abi-mismatch: ")));
}

TEST(Registry, SafeModeHidesOtherBackends) {
  const PluginFolder folder;
  folder.add("devices", kIdle);
  auto options = folder.options();
  options.safe = true;
  Runtime runtime(options);
  EXPECT_TRUE(runtime.registry().offers("backend").empty());
  EXPECT_THAT(sentence_of([&] { runtime.registry().find("backend", "idle"); }),
              HasSubstr("disabled (safe mode leaves this backend out)"));
}

TEST(Registry, AsksBackendsForTheirDevices) {
  const PluginFolder folder;
  folder.add("devices", kIdle);
  const std::tuple<const char*, PluginState, const char*> cases[] = {
      {"0", PluginState::kNoDevice, "it finds no device"},
      {"2", PluginState::kLoaded, "Idle 3000, 0 FLOP/s; Idle 3000, 0 FLOP/s"},
      {"driver", PluginState::kNoDriver, "open_driver(): no driver answers"},
      {"broken", PluginState::kProbeFailed, "the device hums"}};
  for (const auto& [devices, state, sentence] : cases) {
    auto options = folder.options();
    options.options["test.devices"] = devices;
    const auto row = row_of(options, "idle");
    EXPECT_EQ(row.state, state) << devices;
    EXPECT_EQ(row.sentence, sentence);
  }
}

TEST(Diagnostics, TextHasALineForEveryState) {
  const PluginFolder folder;
  folder.add("devices", kIdle, "org.test.plugin",
             R"(, "package_hint": {"driver": "idle-drivers"})");
  folder.write("bad.wick.json", "{");
  auto options = folder.options();
  options.options["test.devices"] = "driver";
  Runtime runtime(options);
  const auto text = plugins_text(runtime.registry().check_all());
  EXPECT_THAT(text, HasSubstr("no-driver      open_driver(): no driver answers   -> "));
  EXPECT_THAT(text, HasSubstr("idle-drivers"));
  EXPECT_THAT(text, HasSubstr("disabled       " + folder.path().string() + "/bad.wick.json: not "));
  EXPECT_THAT(text, HasSubstr("not-installed  "));
}

TEST(Diagnostics, TextKeepsControlCharactersFromTheTerminal) {
  PluginRow row;
  row.kind = "backend";
  row.id = "x";
  row.sentence = "red\x1b[31m\nnext";
  EXPECT_THAT(plugins_text({row}), HasSubstr("red?[31m?next\n"));
}

TEST(Diagnostics, JsonHoldsEveryRow) {
  const PluginFolder folder;
  folder.add("good");
  Runtime runtime(folder.options());
  const auto rows = runtime.registry().check_all();
  const auto parsed = boost::json::parse(plugins_json(rows));
  ASSERT_EQ(parsed.as_array().size(), rows.size());
  const auto& first = parsed.as_array()[0];
  EXPECT_EQ(first.at("id").as_string(), "BYTES");
  EXPECT_EQ(first.at("state").as_string(), "loaded");
  EXPECT_EQ(first.at("version").as_string(), "1.0.0");
}

TEST(Diagnostics, WhyNamesTheMissingLibraries) {
  const PluginFolder folder;
  folder.add("missing_library");
  Runtime runtime(folder.options());
  const auto found = runtime.registry().why("BYTES");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_THAT(found[0].missing, ::testing::ElementsAre("libwick_test_gone.so"));
  EXPECT_THAT(found[0].needed, ::testing::Contains("libc.so.6"));
  EXPECT_THAT(why_text(found), HasSubstr("missing:     libwick_test_gone.so"));
  const auto parsed = boost::json::parse(why_json(found));
  EXPECT_EQ(parsed.at(0).at("missing_libraries").at(0).as_string(), "libwick_test_gone.so");
  EXPECT_EQ(parsed.at(0).at("state").as_string(), "missing-dependency");
}

TEST(Diagnostics, WhyKnowsPluginsThatAreNotInstalledAndRefusesUnknownNames) {
  const PluginFolder folder;
  Runtime runtime(folder.options());
  const auto found = runtime.registry().why("vulkan");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].rows[0].state, PluginState::kNotInstalled);
  EXPECT_THAT(why_text(found), HasSubstr("org.wick.backend-vulkan"));
  EXPECT_EQ(error_of([&] { runtime.registry().why("abacus"); }), ErrorCode::kUnavailable);
}

TEST(KnownPlugins, AgreeWithTheManifestsOfThisTree) {
  RuntimeOptions options;
  options.directories = {{{WICK_TEST_PLUGIN_DIR, true}}};
  Runtime runtime(options);
  std::set<std::string> ours;
  for (const auto& row : runtime.registry().rows())
    if (!row.path.empty()) ours.insert(row.plugin + " " + row.kind + " " + row.id);
  if (ours.empty()) GTEST_SKIP() << "no plugin was built";
  std::set<std::string> known;
  for (const auto& plugin : known_plugins())
    for (const auto& promise : plugin.provides)
      known.insert(plugin.id + " " + promise.kind + " " + promise.id);
  for (const auto& each : ours) EXPECT_TRUE(known.count(each)) << each;
}

}  // namespace
}  // namespace wick

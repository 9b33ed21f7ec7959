// Real libraries, loaded for real: one good, and one for each thing that can be wrong with a
// plugin.
#include "plugins/plugin_state.h"
#include "plugins/registry.h"
#include "plugins/tests/plugin_folder.h"

#include <wick/abi/format.h>
#include <wick/sdk/guard.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace wick {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using testing::error_of;
using ::testing::HasSubstr;
using testing::PluginFolder;
using testing::row_of;
using testing::sentence_of;

/// The state that a module ends in, and that asking for what it offers fails with its sentence.
void expect_refused(const std::string& module, PluginState state, const std::string& sentence) {
  const PluginFolder folder;
  folder.add(module);
  const auto row = row_of(folder.options(), "BYTES");
  EXPECT_EQ(state_name(row.state), state_name(state));
  EXPECT_THAT(row.sentence, HasSubstr(sentence));
  ThreadPool pool(1);
  Registry registry(folder.options(), pool);
  std::string said;
  EXPECT_EQ(error_of([&] { registry.find("quant", "BYTES"); }, &said), ErrorCode::kUnavailable);
  EXPECT_THAT(said, HasSubstr(sentence));
  EXPECT_THAT(said, HasSubstr("see wick plugins --why BYTES"));
}

void expect_decodes(const Provider& provider, std::uint8_t byte, float value) {
  const auto* format = format_table(provider);
  const std::vector<std::uint8_t> blocks(8, byte);
  std::vector<float> values(8);
  sdk::check([&](wick_error* e) {
    return format->decode(provider.self, blocks.data(), 8, values.data(), e);
  });
  EXPECT_EQ(values, std::vector<float>(8, value));
}

TEST(Loading, AGoodPluginWorks) {
  const PluginFolder folder;
  folder.add("good");
  ThreadPool pool(1);
  Registry registry(folder.options(), pool);
  const auto provider = registry.find("quant", "BYTES");
  EXPECT_EQ(provider.plugin, "org.test.plugin");
  expect_decodes(provider, 129, 1.0f);
}

TEST(Loading, ANewerPluginThatAsksForNothingNewWorks) {
  const PluginFolder folder;
  folder.add("newer");
  ThreadPool pool(1);
  Registry registry(folder.options(), pool);
  expect_decodes(registry.find("quant", "BYTES"), 7, 7.0f);
}

TEST(Loading, RefusesAPluginThatNeedsANewerHost) {
  expect_refused("needs_newer_host", PluginState::kAbiMismatch, "needs host ABI 1.4, this is 1.0");
}

TEST(Loading, BelievesAManifestThatNeedsANewerHost) {
  const PluginFolder folder;
  folder.add("good", PluginFolder::kBytes, "org.test.plugin", R"(, "host_minor_min": 7)");
  const auto row = row_of(folder.options(), "BYTES");
  EXPECT_EQ(row.state, PluginState::kAbiMismatch);
  EXPECT_EQ(row.sentence, "needs host ABI 1.7, this is 1.0");
}

TEST(Loading, RefusesAnInitThatThrows) {
  expect_refused("guarded_throw", PluginState::kProbeFailed, "no std::exception");
}

TEST(Loading, SurvivesAnExceptionThatPassesTheBorder) {
  expect_refused("raw_throw", PluginState::kCrashed, "init() threw: the sky is falling");
}

TEST(Loading, NamesTheLibraryThatIsMissing) {
  expect_refused("missing_library", PluginState::kMissingDependency,
                 "needs libwick_test_gone.so, which is not installed");
}

TEST(Loading, RefusesAWrongMagic) {
  expect_refused("wrong_magic", PluginState::kAbiMismatch, "is no Wick plugin");
}

TEST(Loading, RefusesAHeaderOfNoSize) {
  expect_refused("zero_size", PluginState::kAbiMismatch, "its header has 0 bytes");
}

TEST(Loading, RefusesAnotherMajorAbi) {
  expect_refused("next_major", PluginState::kAbiMismatch, "was built for ABI 2, this is 1.0");
}

TEST(Loading, RefusesALibraryWithoutTheSymbol) {
  expect_refused("no_symbol", PluginState::kAbiMismatch, "exports no wick_plugin_v1");
}

TEST(Loading, RefusesAFileThatIsNoLibrary) {
  const PluginFolder folder;
  folder.write("text.so", "#!/bin/sh\necho hello\n");
  folder.write("org.test.plugin.wick.json", PluginFolder::manifest("org.test.plugin", "text.so"));
  const auto row = row_of(folder.options(), "BYTES");
  EXPECT_EQ(row.state, PluginState::kAbiMismatch);
  EXPECT_THAT(row.sentence, HasSubstr("cannot be loaded: "));
}

TEST(Loading, RefusesALibraryThatIsNotTheManifests) {
  const PluginFolder folder;
  folder.add("good", PluginFolder::kBytes, "org.test.other");
  const auto row = row_of(folder.options(), "BYTES");
  EXPECT_EQ(row.state, PluginState::kAbiMismatch);
  EXPECT_EQ(row.sentence, "its manifest says id org.test.other, its library org.test.plugin");
}

TEST(Loading, RefusesAProviderThatIsRegisteredTwice) {
  expect_refused("twice", PluginState::kProbeFailed, "quant BYTES is registered twice");
}

TEST(Loading, RefusesToRegisterOutsideInit) {
  const PluginFolder folder;
  folder.add("late");
  ThreadPool pool(1);
  Registry registry(folder.options(), pool);
  const auto provider = registry.find("quant", "BYTES");
  std::string said;
  EXPECT_EQ(error_of([&] { expect_decodes(provider, 0, 0.0f); }, &said), ErrorCode::kBadArgument);
  EXPECT_THAT(said, HasSubstr("outside init()"));
  EXPECT_FALSE(registry.has("quant", "LATE"));
}

TEST(Loading, RefusesAVtableThatLacksSomething) {
  const std::pair<const char*, const char*> cases[] = {
      {"decode", "lacks decode()"},
      {"size", "its vtable has 0 bytes"},
      {"storage", "storage class"},
      {"vtable", "no vtable"},
      {"id", "the id of a provider"},
      {"kind", "\"telepathy\" is not known"},
      {"provider size", "is too short"},
      {"block", "blocks of 0 values"},
      {"manifest's type", "its manifest says 200"}};
  for (const auto& [lacks, sentence] : cases) {
    const PluginFolder folder;
    folder.add("incomplete");
    auto options = folder.options();
    options.options["test.lacks"] = lacks;
    const auto row = row_of(options, "BYTES");
    EXPECT_NE(row.state, PluginState::kLoaded) << lacks;
    EXPECT_THAT(row.sentence, HasSubstr(sentence)) << lacks;
  }
}

TEST(Loading, AWorldWritableFileIsRefusedUnlessItIsAllowed) {
  const PluginFolder folder;
  folder.add("good");
  ASSERT_EQ(::chmod((folder.path() / "good.so").c_str(), 0777), 0);
  auto options = folder.options();
  const auto row = row_of(options, "BYTES");
  EXPECT_EQ(row.state, PluginState::kInsecure);
  EXPECT_THAT(row.sentence, HasSubstr("good.so may be written by others"));
  options.allow_insecure = true;
  EXPECT_EQ(row_of(options, "BYTES").state, PluginState::kLoaded);
}

std::vector<std::string> traced;
void trace(const char* what) {
  traced.emplace_back(what);
}

TEST(Loading, DestroysProvidersThenShutsDownInReverseOrder) {
  const PluginFolder folder;
  folder.add("traced", R"({"kind": "quant", "id": "TRACED"})", "org.test.traced");
  folder.add("traced2", R"({"kind": "quant", "id": "TRACED2"})", "org.test.traced2");
  auto options = folder.options();
  options.options["test.trace"] = std::to_string(reinterpret_cast<std::uintptr_t>(&trace));
  traced.clear();
  {
    ThreadPool pool(1);
    Registry registry(options, pool);
    registry.find("quant", "TRACED2");
    registry.find("quant", "TRACED");
    EXPECT_TRUE(traced.empty());
  }
  EXPECT_THAT(traced, ElementsAre("destroy TRACED", "shutdown org.test.traced", "destroy TRACED2",
                                  "shutdown org.test.traced2"));
}

TEST(Loading, CanBeDoneManyTimesInOneProcess) {
  const PluginFolder folder;
  folder.add("newer");
  for (int i = 0; i < 100; ++i) {
    ThreadPool pool(1);
    Registry registry(folder.options(), pool);
    expect_decodes(registry.find("quant", "BYTES"), 128, 128.0f);
  }
}

}  // namespace
}  // namespace wick

// Which candidates there are, in which order and state. Nothing is loaded here.
#include "plugins/discovery.h"

#include "plugins/tests/plugin_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace wick {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::PluginFolder;

/// A manifest and an empty file for its library.
void add_plugin(const PluginFolder& folder, const std::string& id,
                const std::string& provides = PluginFolder::kBytes) {
  folder.write(id + ".so", "");
  folder.write(id + ".wick.json", PluginFolder::manifest(id, id + ".so", provides));
}

std::vector<std::string> ids_of(const std::vector<Candidate>& candidates) {
  std::vector<std::string> ids;
  for (const auto& candidate : candidates)
    ids.push_back(candidate.manifest ? candidate.manifest->id : candidate.file.string());
  return ids;
}

/// Sets a variable, or removes it, for the length of a test.
class Environment {
 public:
  Environment(const char* name, const char* value) : name_(name) {
    if (const char* old = std::getenv(name)) old_ = old;
    set(value);
  }
  ~Environment() { set(old_ ? old_->c_str() : nullptr); }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  void set(const char* value) const {
    if (value)
      ::setenv(name_, value, 1);
    else
      ::unsetenv(name_);
  }
  const char* name_;
  std::optional<std::string> old_;
};

std::vector<std::string> default_paths() {
  std::vector<std::string> paths;
  for (const auto& directory : default_search_directories())
    paths.push_back(directory.path.string());
  return paths;
}

TEST(Discovery, ListsAFolderByName) {
  const PluginFolder folder;
  for (const char* id : {"c", "a", "b"}) add_plugin(folder, id);
  folder.write("libstray.so", "");
  folder.write("notes.json", "{}");
  EXPECT_THAT(ids_of(discover(folder.options())), ElementsAre("a", "b", "c"));
}

TEST(Discovery, ShadowsAnIdThatCameBefore) {
  const PluginFolder first, second;
  add_plugin(first, "same");
  add_plugin(second, "same");
  RuntimeOptions options;
  options.directories = {{{first.path()}, {second.path()}}};
  const auto found = discover(options);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].state, PluginState::kAvailable);
  EXPECT_EQ(found[1].state, PluginState::kShadowed);
  EXPECT_THAT(found[1].sentence, HasSubstr(found[0].file.string() + " comes first"));
}

TEST(Discovery, DoesNotLetABadFileHideAGoodOne) {
  const PluginFolder first, second;
  add_plugin(first, "same");
  ASSERT_EQ(::chmod((first.path() / "same.so").c_str(), 0666), 0);
  add_plugin(second, "same");
  RuntimeOptions options;
  options.directories = {{{first.path()}, {second.path()}}};
  const auto found = discover(options);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].state, PluginState::kInsecure);
  EXPECT_EQ(found[1].state, PluginState::kAvailable);
}

TEST(Discovery, TakesAFolderOnceUnderAllItsNames) {
  const PluginFolder folder, links;
  add_plugin(folder, "one");
  fs::create_directory_symlink(folder.path(), links.path() / "link");
  RuntimeOptions options;
  options.directories = {{{folder.path()}, {links.path() / "link"}, {folder.path() / "."}}};
  EXPECT_EQ(discover(options).size(), 1u);
}

TEST(Discovery, KeepsAMalformedManifestInTheList) {
  const PluginFolder folder;
  folder.write("bad.wick.json", "{\"wick_manifest\": 1}");
  const auto found = discover(folder.options());
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].state, PluginState::kDisabled);
  EXPECT_THAT(found[0].sentence, HasSubstr("\"id\" is missing"));
}

TEST(Discovery, SaysThatALibraryIsNotThere) {
  const PluginFolder folder;
  folder.write("a.wick.json", PluginFolder::manifest("a", "gone.so"));
  const auto found = discover(folder.options());
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].state, PluginState::kMissingDependency);
  EXPECT_THAT(found[0].sentence, HasSubstr("gone.so is not there"));
}

TEST(Discovery, ChecksTheManifestTooAndCanBeToldNotTo) {
  const PluginFolder folder;
  add_plugin(folder, "a");
  ASSERT_EQ(::chmod((folder.path() / "a.wick.json").c_str(), 0666), 0);
  auto options = folder.options();
  EXPECT_EQ(discover(options)[0].state, PluginState::kInsecure);
  options.allow_insecure = true;
  EXPECT_EQ(discover(options)[0].state, PluginState::kAvailable);
}

TEST(Discovery, NeverLooksIntoTheCurrentFolder) {
  const PluginFolder folder;
  fs::create_directories(folder.path() / "wick/plugins-1");
  add_plugin(folder, "org.test.cwd");
  folder.write("wick/plugins-1/org.test.cwd.wick.json",
               PluginFolder::manifest("org.test.cwd", "org.test.cwd.so"));
  const fs::path before = fs::current_path();
  const Environment path("WICK_PLUGIN_PATH", ".::wick/plugins-1:");
  const Environment data("XDG_DATA_HOME", ".");
  const Environment home("HOME", "");
  fs::current_path(folder.path());
  const auto found = ids_of(discover(RuntimeOptions{}));
  const auto paths = default_paths();
  fs::current_path(before);
  EXPECT_THAT(found, Not(Contains("org.test.cwd")));
  for (const auto& each : paths) EXPECT_TRUE(fs::path(each).is_absolute()) << each;
}

TEST(Discovery, LeavesOutRelativeFoldersThatAProgramAsksFor) {
  RuntimeOptions options;
  options.directories = {{{"."}, {"plugins"}}};
  EXPECT_TRUE(discover(options).empty());
}

TEST(Discovery, OrdersTheFoldersFromTheUsersToTheSystems) {
  const Environment path("WICK_PLUGIN_PATH", "/first:relative:/second");
  const Environment data("XDG_DATA_HOME", "/home/x/data");
  const auto directories = default_search_directories();
  ASSERT_GE(directories.size(), 5u);
  EXPECT_EQ(directories[0].path, "/first");
  EXPECT_EQ(directories[1].path, "/second");
  EXPECT_EQ(directories[2].path, "/home/x/data/wick/plugins-1");
  EXPECT_FALSE(directories[2].system);
  EXPECT_EQ(directories[3].path, WICK_TEST_PLUGIN_DIR);  // beside libwick of this build
  EXPECT_TRUE(directories[3].system);
  EXPECT_EQ(directories.back().path, "/usr/local/lib/wick/plugins-1");
}

TEST(Discovery, UsesTheHomeFolderWhereNoDataFolderIsSet) {
  const Environment path("WICK_PLUGIN_PATH", nullptr);
  const Environment data("XDG_DATA_HOME", nullptr);
  const Environment home("HOME", "/home/x");
  EXPECT_EQ(default_search_directories()[0].path, "/home/x/.local/share/wick/plugins-1");
}

TEST(SafeMode, TakesSystemFoldersAndSafeBackendsOnly) {
  const PluginFolder user, system;
  add_plugin(user, "users");
  add_plugin(system, "fast", R"({"kind": "backend", "id": "fast"})");
  add_plugin(system, "plain", R"({"kind": "backend", "id": "plain", "safe": true})");
  add_plugin(system, "quant");
  RuntimeOptions options;
  options.directories = {{{user.path(), false}, {system.path(), true}}};
  options.safe = true;
  options.plugin_files = {(user.path() / "users.so").string()};
  std::vector<std::string> usable;
  for (const auto& candidate : discover(options)) {
    if (candidate.state == PluginState::kAvailable)
      usable.push_back(candidate.manifest->id);
    else
      EXPECT_EQ(candidate.state, PluginState::kDisabled);
  }
  EXPECT_THAT(usable, ElementsAre("plain", "quant"));
}

TEST(SafeMode, IsAskedForByTheEnvironment) {
  for (const auto& [value, asked] :
       {std::pair<const char*, bool>{"1", true}, {"0", false}, {"", false}, {nullptr, false}}) {
    const Environment safe("WICK_SAFE", value);
    EXPECT_EQ(safe_mode_asked(), asked);
  }
}

}  // namespace
}  // namespace wick

// Engines: plugins, devices, the log.
#include <algorithm>
#include <map>

#include "api_fixture.h"

namespace wick_api_test {
namespace {

using States = std::map<std::string, std::string>;  // by "kind id"

States states_of(wick_engine* engine) {
  States states;
  const wick_status status = wick_engine_list_plugins(
      engine,
      [](void* context, const wick_plugin_row* row) {
        (*static_cast<States*>(context))[std::string(row->kind) + " " + row->id] = row->state;
      },
      &states, nullptr);
  EXPECT_EQ(status, WICK_STATUS_OK);
  return states;
}

wick_engine_options only_this_build(const char* const* folder) {
  wick_engine_options options;
  wick_engine_options_init(&options, sizeof options);
  options.flags = WICK_ENGINE_NO_DEFAULT_FOLDERS;
  options.plugin_folders = folder;
  options.n_plugin_folders = 1;
  return options;
}

constexpr const char* kFolder = WICK_TEST_PLUGIN_DIR;

TEST(ApiEngine, FindsPluginsInTheFoldersThatItIsGiven) {
  const wick_engine_options options = only_this_build(&kFolder);
  wick_engine* made = nullptr;
  ASSERT_EQ(wick_engine_create(&options, &made, nullptr), WICK_STATUS_OK);
  EXPECT_EQ(states_of(made)["backend cpu"], "loaded");
  wick_engine_free(made);
}

TEST(ApiEngine, LeavesDisabledPluginsOut) {
  wick_engine_options options = only_this_build(&kFolder);
  const char* disabled[] = {"org.wick.backend-cpu"};
  options.disabled_plugins = disabled;
  options.n_disabled_plugins = 1;
  wick_engine* made = nullptr;
  ASSERT_EQ(wick_engine_create(&options, &made, nullptr), WICK_STATUS_OK);
  EXPECT_EQ(states_of(made)["backend cpu"], "disabled");
  const wick_load_options load = load_options();
  wick_model* model = nullptr;
  Failure failure;
  EXPECT_EQ(wick_model_load(made, &load, &model, &failure), WICK_STATUS_UNAVAILABLE);
  EXPECT_TRUE(failure.says("the program leaves it out")) << failure.message();
  wick_engine_free(made);
}

TEST(ApiEngine, RefusesARelativeFolder) {
  const char* folder = "plugins";
  const wick_engine_options options = only_this_build(&folder);
  wick_engine* made = nullptr;
  EXPECT_EQ(wick_engine_create(&options, &made, nullptr), WICK_STATUS_BAD_ARGUMENT);
}

TEST(ApiEngine, ListsDevicesByTheNamesThatLoadingTakes) {
  std::vector<std::string> entries;
  const wick_status status = wick_engine_list_devices(
      engine(),
      [](void* context, const wick_device_row* row) {
        static_cast<std::vector<std::string>*>(context)->emplace_back(row->entry);
        EXPECT_GT(row->memory_total, 0u);
        EXPECT_STRNE(row->name, "");
      },
      &entries, nullptr);
  EXPECT_EQ(status, WICK_STATUS_OK);
  EXPECT_NE(std::find(entries.begin(), entries.end(), "cpu"), entries.end());
}

TEST(ApiEngine, GivesTheLogToTheProgram) {
  std::vector<std::string> lines;
  wick_set_log(
      WICK_LOG_LEVEL_WARNING,
      [](void* context, uint32_t level, const char* text) {
        EXPECT_GE(level, WICK_LOG_LEVEL_WARNING);
        static_cast<std::vector<std::string>*>(context)->emplace_back(text);
      },
      &lines);
  // The name of a folder in WICK_PLUGIN_PATH that is not absolute is a warning.
  ASSERT_EQ(setenv("WICK_PLUGIN_PATH", "not/absolute", 1), 0);
  wick_engine* made = nullptr;
  EXPECT_EQ(wick_engine_create(nullptr, &made, nullptr), WICK_STATUS_OK);
  wick_engine_free(made);
  unsetenv("WICK_PLUGIN_PATH");
  wick_set_log(WICK_LOG_LEVEL_INFO, nullptr, nullptr);
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_NE(lines[0].find("not/absolute"), std::string::npos) << lines[0];
}

}  // namespace
}  // namespace wick_api_test

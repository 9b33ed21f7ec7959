// wick_engine: threads and plugins as a program asks for them.
#include <wick/error.h>

#include <filesystem>
#include <utility>

#include "api/handles.h"
#include "api/structs.h"
#include "base/version.h"
#include "graph/host_tables.h"

namespace wick::api {
namespace {

constexpr char kCreate[] = "wick_engine_create";
constexpr std::uint32_t kKnownFlags =
    WICK_ENGINE_SAFE | WICK_ENGINE_ALLOW_INSECURE | WICK_ENGINE_NO_DEFAULT_FOLDERS;

wick_engine_options defaults() noexcept {
  wick_engine_options options{};
  options.struct_size = sizeof options;
  return options;
}

std::vector<std::string> texts(const char* const* values, std::uint32_t n, const char* what) {
  std::vector<std::string> result;
  for (const char* const value : array_of(kCreate, values, n))
    result.emplace_back(&need(value, kCreate, what));
  return result;
}

std::vector<SearchDirectory> folders_of(const wick_engine_options& from) {
  std::vector<SearchDirectory> folders;
  for (const std::string& text : texts(from.plugin_folders, from.n_plugin_folders, "folder")) {
    if (!std::filesystem::path(text).is_absolute())
      fail(ErrorCode::kBadArgument, kCreate, ": plugin folder '", text,
           "' is relative, need an absolute path");
    folders.push_back({text, false});
  }
  return folders;
}

RuntimeOptions runtime_options(const wick_engine_options& from) {
  check_flags(kCreate, from.flags, kKnownFlags);
  constexpr std::uint32_t kMostThreads = 1024;
  if (from.n_threads > kMostThreads)
    fail(ErrorCode::kUsage, kCreate, ": n_threads is ", from.n_threads, ", need ", kMostThreads,
         " at most");
  RuntimeOptions options;
  options.n_threads = from.n_threads;
  options.plugin_files = texts(from.plugin_files, from.n_plugin_files, "plugin file");
  options.disabled = texts(from.disabled_plugins, from.n_disabled_plugins, "disabled plugin");
  options.safe = (from.flags & WICK_ENGINE_SAFE) != 0;
  options.allow_insecure = (from.flags & WICK_ENGINE_ALLOW_INSECURE) != 0;
  options.first_directories = folders_of(from);
  if (from.flags & WICK_ENGINE_NO_DEFAULT_FOLDERS) options.directories.emplace();
  options.tables = host_tables();
  for (const wick_plugin_option& option :
       array_of(kCreate, from.plugin_options, from.n_plugin_options))
    options.options[&need(option.name, kCreate, "name of a plugin option")] =
        &need(option.value, kCreate, "value of a plugin option");
  return options;
}

}  // namespace
}  // namespace wick::api

using namespace wick::api;

const char* wick_version(void) {
  return wick::library_version().data();
}

void wick_engine_options_init(wick_engine_options* options, uint32_t struct_size) {
  init(options, struct_size, defaults());
}

wick_status wick_engine_create(const wick_engine_options* options, wick_engine** engine,
                               wick_failure** failure) {
  return guarded(failure, [&] {
    wick_engine*& made = need(engine, kCreate, "place of the engine");
    const wick_engine_options own = options_of(kCreate, options, defaults());
    made = new wick_engine{std::make_shared<wick::Runtime>(runtime_options(own))};
  });
}

void wick_engine_free(wick_engine* engine) {
  delete engine;
}

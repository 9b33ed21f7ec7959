// What decides which plugins there are and what the host offers them. Filled by the command line.
#pragma once

#include <wick/abi/host.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

struct wick_graph_api;
struct wick_builder_api;
struct wick_metadata_api;

namespace wick {

/// Tables of core/graph that plugins get with the host's; null where a program has no use for them.
struct HostTables {
  const wick_graph_api* graph = nullptr;
  const wick_builder_api* builder = nullptr;
  const wick_metadata_api* metadata = nullptr;
};

/// A folder that is searched for manifests. Absolute, or it is left out.
struct SearchDirectory {
  std::filesystem::path path;
  bool system = false;  ///< searched in safe mode too
};

struct RuntimeOptions {
  std::uint32_t n_threads = 0;              ///< 0: default_thread_count()
  std::vector<int> processors{};            ///< threads are bound to these, in turn; empty: to none
  std::vector<std::string> plugin_files{};  ///< --plugin: a library or a manifest, each
  std::vector<std::string> disabled{};      ///< ids of plugins that are left out
  bool safe = false;                        ///< --safe, or WICK_SAFE=1
  bool allow_insecure = false;              ///< --allow-insecure-plugins
  std::map<std::string, std::string>
      options{};  ///< what plugins may ask for by name; see Registry::unused_options
  HostTables tables{};
  std::chrono::milliseconds probe_timeout{
      5000};  ///< for each step of a plugin that is tried in a child
  /// Where what was found out in children is kept, instead of cache_directory(); empty: nowhere.
  std::optional<std::filesystem::path> cache_folder{};
  /// Instead of default_search_directories(): for tests and programs with folders of their own.
  std::optional<std::vector<SearchDirectory>> directories{};
  /// Searched before those.
  std::vector<SearchDirectory> first_directories{};
};

}  // namespace wick

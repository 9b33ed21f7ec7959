// Finds providers by kind and id, and loads the plugin behind one when it is first asked for.
#pragma once

#include "plugins/plugin_state.h"
#include "plugins/provider.h"
#include "plugins/runtime_options.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wick {

class ThreadPool;

/// What a manifest promises.
struct Offer {
  std::string kind, id;
  std::string plugin;                      ///< empty: of an explicit library without manifest
  int rank = 0;                            ///< higher first
  std::vector<std::string> checkpoints{};  ///< of kind "arch", see Promise
};

/// One line of `wick plugins`.
struct PluginRow {
  std::string kind, id;  ///< empty where the manifest could not be read
  std::string plugin, version;
  PluginState state = PluginState::kAvailable;
  std::string sentence;  ///< why it is in that state, or what it can do; may be empty
  std::string hint;      ///< what to do; may be empty
  std::string path;      ///< manifest, or explicit library; empty where not installed
};

/// What `wick plugins --why` adds to the rows of one plugin.
struct PluginDetails {
  std::vector<PluginRow> rows;       ///< at least one; all of one candidate
  std::string library;               ///< absolute path; empty where not installed
  std::string abi, host_abi;         ///< "1.0"; of the manifest, and ours
  std::string needs_host;            ///< oldest host that it can live with, "1.0"
  std::vector<std::string> needed;   ///< libraries that it links
  std::vector<std::string> missing;  ///< those that this system does not have
  std::vector<std::pair<std::string, std::string>> package_hint;
  std::string probe_said;    ///< what it printed while it was tried in a child
  std::string probe_signal;  ///< that ended the child: "SIGSEGV (Segmentation fault)"
  std::optional<std::chrono::seconds> probe_age;  ///< where it was an earlier start that tried it
};

/// All functions may be called from any thread; loading is serialised. Providers are valid until
/// the Registry ends: it destroys them, then shuts plugins down in reverse order of loading.
///
/// Order: explicit files, then the search directories; the first manifest with an id wins, and of
/// two plugins that offer the same kind and id the first wins. One that cannot be loaded is passed
/// over with a warning.
class Registry {
 public:
  /// Reads manifests, loads nothing. `pool` must outlive the Registry.
  Registry(const RuntimeOptions& options, ThreadPool& pool);
  ~Registry();
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  /// Errors: kUnavailable, with a sentence that says what is missing, why, and what to install.
  Provider find(std::string_view kind, std::string_view id);
  /// The provider of kind "quant" whose format has that GGUF type id (below 0x10000; those above
  /// are bound by name: find("quant", name)). Errors: kUnavailable.
  Provider format_for_type(std::uint32_t gguf_type);
  bool has(std::string_view kind, std::string_view id);

  /// What the usable manifests promise of that kind, by rank, then in the order of the directories;
  /// loads explicit libraries only. Errors: kUnavailable, where an explicit one cannot be loaded.
  std::vector<Offer> offers(std::string_view kind);

  /// The files of recipes that the manifests of usable plugins name, in the order of the plugins.
  /// Whether they are there and what is in them is not checked.
  std::vector<std::string> recipe_files();

  /// Of the user's options, those that no loaded plugin has asked for: nobody acts on them. A
  /// plugin of backends counts only where one of them is among `backends`, those in use.
  std::vector<std::string> unused_options(const std::vector<std::string>& backends);

  /// Tries every plugin, so that each row has its state; also rows for first-party plugins that
  /// are not installed. Never throws for a bad plugin.
  std::vector<PluginRow> check_all();
  /// The rows as far as they are known now; loads nothing.
  std::vector<PluginRow> rows();
  /// Of every candidate, and every known plugin, that has that id or offers that id. Tries them
  /// as check_all() does. Errors: kUnavailable, where there is none.
  std::vector<PluginDetails> why(std::string_view name);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace wick

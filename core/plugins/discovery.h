// Which plugins there are: explicit files, what the program carries in itself, then manifests in a
// fixed list of folders. Loads nothing.
#pragma once

#include "plugins/manifest.h"
#include "plugins/plugin_state.h"
#include "plugins/runtime_options.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace wick {

struct Candidate {
  std::filesystem::path file;                    ///< the manifest, or an explicit library
  std::filesystem::path library;                 ///< absolute; empty where it is built in
  const wick_plugin_header* built_in = nullptr;  ///< of a plugin that is part of the program
  std::optional<Manifest> manifest;
  bool is_explicit = false;
  PluginState state = PluginState::kAvailable;
  std::string sentence;  ///< why, where the state is not kAvailable
};

/// What a program carries in itself is no folder of these, and comes before them.
///
/// WICK_PLUGIN_PATH, $XDG_DATA_HOME/wick/plugins-1 (~/.local/share), then the system's: the folder
/// beside libwick, the compiled-in one, /usr/local/lib. The folder beside libwick counts as the
/// system's because whoever can write there can replace libwick itself. A program with raised
/// rights (AT_SECURE) ignores the environment. Relative folders are left out; the current folder
/// and the program's are never searched.
std::vector<SearchDirectory> default_search_directories();

/// True if WICK_SAFE is set to anything but 0 and nothing.
bool safe_mode_asked();

/// False for a backend that safe mode leaves out.
bool is_offered(const Promise& promise, const RuntimeOptions& options);

/// In order of precedence, each with its state: kAvailable, or why not. Only an available one
/// shadows others, so that a bad file cannot hide a good one.
std::vector<Candidate> discover(const RuntimeOptions& options);

}  // namespace wick

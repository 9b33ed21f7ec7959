// Folders are taken in order, files in each by name, so that the result never depends on the disk.
#include "plugins/discovery.h"

#include "base/built_in.h"
#include "base/log.h"
#include "base/own_file.h"
#include "plugins/c_library.h"
#include "plugins/file_trust.h"

#include <wick/error.h>

#include <algorithm>
#include <cstdlib>
#include <set>

namespace wick {
namespace {

namespace fs = std::filesystem;

constexpr char kSubfolder[] = WICK_PLUGIN_SUBDIR;  // "wick/plugins-1"

std::string environment(const char* name) {
  const char* value = ::secure_getenv(name);
  return value ? value : "";
}

void add_plugin_path(std::vector<SearchDirectory>& directories) {
  const std::string list = environment("WICK_PLUGIN_PATH");
  for (std::size_t begin = 0; begin <= list.size() && !list.empty();) {
    const std::size_t end = std::min(list.find(':', begin), list.size());
    const std::string item = list.substr(begin, end - begin);
    if (fs::path(item).is_absolute())
      directories.push_back({item, false});
    else if (!item.empty())
      log_warning("WICK_PLUGIN_PATH: {} is not an absolute path; it is left out", item);
    begin = end + 1;
  }
}

void add_user_folder(std::vector<SearchDirectory>& directories) {
  fs::path data = environment("XDG_DATA_HOME");
  const fs::path home = environment("HOME");
  if (!data.is_absolute() && home.is_absolute()) data = home / ".local/share";
  if (data.is_absolute()) directories.push_back({data / kSubfolder, false});
}

void add_folder_beside_libwick(std::vector<SearchDirectory>& directories) {
  try {
    directories.push_back({own_file().parent_path() / kSubfolder, true});
  } catch (const Error& e) {
    log_debug("{}; the folder beside it is not searched", e.what());
  }
}

/// The manifest's files in `directory`, by name.
std::vector<fs::path> manifests_in(const fs::path& directory) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator i(directory, error), end; !error && i != end; i.increment(error)) {
    const std::string name = i->path().filename().string();
    if (name.size() > kManifestSuffix.size() &&
        std::string_view(name).substr(name.size() - kManifestSuffix.size()) == kManifestSuffix)
      found.push_back(i->path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

void set_state(Candidate& candidate, PluginState state, std::string sentence) {
  candidate.state = state;
  candidate.sentence = std::move(sentence);
}

void check_trust(Candidate& candidate, const RuntimeOptions& options) {
  std::error_code error;
  if (!fs::exists(candidate.library, error)) {
    set_state(candidate, PluginState::kMissingDependency,
              candidate.library.string() + " is not there");
    return;
  }
  if (options.allow_insecure) return;
  auto reason = distrust(candidate.file);
  if (!reason) reason = distrust(candidate.library);
  if (reason) set_state(candidate, PluginState::kInsecure, *reason);
}

/// A program that cannot open libraries says so of each, instead of trying.
void check_c_library(Candidate& candidate) {
  if (candidate.state == PluginState::kAvailable && foreign_c_library())
    set_state(candidate, PluginState::kAbiMismatch, *foreign_c_library());
}

void apply_safe_mode(Candidate& candidate, bool system, const RuntimeOptions& options) {
  const auto& provides = candidate.manifest->provides;
  if (!system)
    set_state(candidate, PluginState::kDisabled, "safe mode uses the system's folders only");
  else if (std::none_of(provides.begin(), provides.end(),
                        [&](const Promise& p) { return is_offered(p, options); }))
    set_state(candidate, PluginState::kDisabled, "safe mode leaves this backend out");
}

/// What the program that uses libwick does not want.
bool leaves_out(Candidate& candidate, const RuntimeOptions& options) {
  const auto& disabled = options.disabled;
  if (std::find(disabled.begin(), disabled.end(), candidate.manifest->id) == disabled.end())
    return false;
  set_state(candidate, PluginState::kDisabled, "the program leaves it out");
  return true;
}

Candidate from_manifest(const fs::path& file, bool system, const RuntimeOptions& options) {
  Candidate candidate;
  candidate.file = file;
  try {
    candidate.manifest = read_manifest(file.string());
    candidate.library = file.parent_path() / candidate.manifest->library;
  } catch (const Error& e) {
    set_state(candidate, PluginState::kDisabled, e.what());
    return candidate;
  }
  if (leaves_out(candidate, options)) return candidate;
  check_trust(candidate, options);
  check_c_library(candidate);
  if (candidate.state == PluginState::kAvailable && options.safe)
    apply_safe_mode(candidate, system, options);
  return candidate;
}

Candidate from_program(const BuiltInPlugin& plugin, const RuntimeOptions& options) {
  Candidate candidate;
  candidate.file = plugin.manifest;
  candidate.built_in = plugin.header;
  const BuiltInFile* const file = find_built_in_file(plugin.manifest);
  if (file == nullptr) fail(ErrorCode::kInternal, plugin.manifest, ": is not built in");
  const std::string_view text(reinterpret_cast<const char*>(file->bytes.data()),
                              file->bytes.size());
  candidate.manifest = parse_manifest(text, plugin.manifest);
  if (!leaves_out(candidate, options) && options.safe) apply_safe_mode(candidate, true, options);
  return candidate;
}

Candidate from_explicit(const std::string& name, const RuntimeOptions& options) {
  // Relative to the current folder as the user sees it, like any other file argument.
  std::error_code error;
  fs::path file = fs::absolute(name, error).lexically_normal();
  if (error) file = name;
  Candidate candidate;
  if (std::string_view(name).size() > kManifestSuffix.size() &&
      std::string_view(name).substr(name.size() - kManifestSuffix.size()) == kManifestSuffix) {
    candidate = from_manifest(file, false, options);
  } else {
    candidate.file = candidate.library = file;
    check_trust(candidate, options);
    check_c_library(candidate);
    if (options.safe) set_state(candidate, PluginState::kDisabled, "safe mode takes no --plugin");
  }
  candidate.is_explicit = true;
  return candidate;
}

std::optional<fs::path> real_folder(const SearchDirectory& directory) {
  std::error_code error;
  if (!directory.path.is_absolute()) return std::nullopt;
  const fs::path real = fs::canonical(directory.path, error);
  return error ? std::nullopt : std::optional(real);
}

/// Marks candidates whose id came before.
class Shadows {
 public:
  void apply(Candidate& candidate) {
    if (!candidate.manifest || candidate.state != PluginState::kAvailable) return;
    const auto [first, is_new] = first_.try_emplace(candidate.manifest->id, candidate.file);
    if (!is_new)
      set_state(candidate, PluginState::kShadowed, first->second.string() + " comes first");
  }

 private:
  std::map<std::string, fs::path> first_;
};

}  // namespace

std::vector<SearchDirectory> default_search_directories() {
  std::vector<SearchDirectory> directories;
  add_plugin_path(directories);
  add_user_folder(directories);
  add_folder_beside_libwick(directories);
  directories.push_back({WICK_PLUGIN_DIR, true});
  directories.push_back({fs::path("/usr/local/lib") / kSubfolder, true});
  return directories;
}

bool safe_mode_asked() {
  // Read with raised rights too: it can only take something away.
  const char* value = std::getenv("WICK_SAFE");
  return value && *value && std::string_view(value) != "0";
}

bool is_offered(const Promise& promise, const RuntimeOptions& options) {
  return !options.safe || promise.kind != "backend" || promise.safe;
}

std::vector<Candidate> discover(const RuntimeOptions& options) {
  std::vector<Candidate> found;
  Shadows shadows;
  for (const auto& name : options.plugin_files) {
    found.push_back(from_explicit(name, options));
    shadows.apply(found.back());
  }
  for (const auto& plugin : built_in().plugins) {
    found.push_back(from_program(plugin, options));
    shadows.apply(found.back());
  }
  auto directories = options.first_directories;
  for (const SearchDirectory& directory :
       options.directories ? *options.directories : default_search_directories())
    directories.push_back(directory);
  std::map<fs::path, bool> is_system;  // one folder may be listed twice, under two names
  for (const auto& directory : directories)
    if (const auto real = real_folder(directory)) is_system[*real] |= directory.system;
  std::set<fs::path> seen;
  for (const auto& directory : directories) {
    const auto real = real_folder(directory);
    if (!real || !seen.insert(*real).second) continue;
    // By the name that was given: the links on the way are checked too.
    for (const auto& file : manifests_in(directory.path)) {
      found.push_back(from_manifest(file, is_system[*real], options));
      shadows.apply(found.back());
    }
  }
  return found;
}

}  // namespace wick

// A JSON object a plugin and set of options, with a sum over its values. Options are part of the
// name because a wrong one makes a probe fail, which says nothing of the next start without it.
#include "plugins/probe_cache.h"

#include "base/atomic_file.h"
#include "base/cache_directory.h"
#include "base/log.h"
#include "plugins/fingerprint.h"
#include "plugins/helper_program.h"

#include <wick/error.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <boost/json.hpp>

#include <chrono>
#include <ctime>
#include <system_error>

namespace wick {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr char kFolder[] = "probes";
constexpr std::string_view kSuffix = ".json";
constexpr std::size_t kMaxFileBytes = 1 << 18;
constexpr std::size_t kMaxFiles = 256;

std::optional<fs::path> probe_folder(const RuntimeOptions& options) {
  const auto folder = options.cache_folder ? options.cache_folder : cache_directory();
  if (!folder || !folder->is_absolute()) return std::nullopt;
  return *folder / kFolder;
}

bool is_ours(const fs::path& file) {
  // With what a write that was cut short left: NAME.json.part-PID-N.
  return file.filename().string().find(kSuffix) != std::string::npos;
}

/// True where all of it is gone.
bool remove_all_of(const fs::path& folder) {
  std::error_code error;
  bool all = true;
  for (fs::directory_iterator i(folder, error), end; !error && i != end; i.increment(error)) {
    std::error_code failed;
    if (is_ours(i->path()) && !fs::remove(i->path(), failed) && failed) all = false;
  }
  return all;
}

std::size_t n_files_in(const fs::path& folder) {
  std::size_t n = 0;
  std::error_code error;
  for (fs::directory_iterator i(folder, error), end; !error && i != end; i.increment(error)) ++n;
  return n;
}

/// Nothing but a file of our own, however the name came there; empty where it is not.
std::string read_own_file(const fs::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) return "";
  struct stat entry {};
  std::string text;
  if (::fstat(descriptor, &entry) == 0 && S_ISREG(entry.st_mode) && entry.st_uid == ::geteuid() &&
      static_cast<std::uint64_t>(entry.st_size) <= kMaxFileBytes) {
    text.resize(static_cast<std::size_t>(entry.st_size));
    const ssize_t n = ::read(descriptor, text.data(), text.size());
    text.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
  }
  ::close(descriptor);
  return text;
}

json::object object_of(const ProbeReport& report, const std::string& key, std::int64_t now) {
  json::object object = {{"wick_probe", 1},
                         {"key", key},
                         {"time", now},
                         {"state", state_name(report.state)},
                         {"sentence", report.sentence},
                         {"hint", report.hint},
                         {"signal", report.signal},
                         {"said", report.said},
                         {"devices", json::array()}};
  for (const ProbedDevice& device : report.devices)
    object["devices"].get_array().push_back(json::array{device.backend, device.name});
  Fingerprint sum;
  sum.add(json::serialize(object));
  object["sum"] = sum.text();
  return object;
}

std::string text_at(const json::object& object, const char* key) {
  const json::value* value = object.if_contains(key);
  return value && value->is_string() ? std::string(value->get_string()) : "";
}

/// What is no such list gives none, and so another sum.
std::vector<ProbedDevice> devices_in(const json::object& object) {
  std::vector<ProbedDevice> devices;
  const json::value* list = object.if_contains("devices");
  if (!list || !list->is_array()) return devices;
  for (const json::value& entry : list->get_array()) {
    const json::array* pair = entry.if_array();
    if (!pair || pair->size() != 2 || !(*pair)[0].is_string() || !(*pair)[1].is_string()) return {};
    devices.push_back({std::string((*pair)[0].get_string()), std::string((*pair)[1].get_string())});
  }
  return devices;
}

/// Seconds that a report is kept; 0: it is not.
std::int64_t lifetime_of(PluginState state) {
  if (state == PluginState::kAvailable) return ProbeCache::kPassSeconds;
  const bool is_failure = state == PluginState::kCrashed || state == PluginState::kProbeFailed;
  return is_failure ? ProbeCache::kFailureSeconds : 0;
}

std::optional<ProbeReport> parse(const std::string& text, const std::string& key,
                                 std::int64_t now) {
  json::parse_options rules;
  rules.max_depth = 4;
  rules.allow_invalid_utf8 = true;  // what a driver printed may be anything
  json::error_code error;
  const json::value value = json::parse(text, error, {}, rules);
  if (error || !value.is_object()) return std::nullopt;
  const json::object& object = value.get_object();
  const json::value* time = object.if_contains("time");
  const auto state = state_named(text_at(object, "state"));
  if (!time || !time->is_int64() || !state || lifetime_of(*state) == 0) return std::nullopt;
  ProbeReport report;
  report.state = *state;
  report.sentence = text_at(object, "sentence");
  report.hint = text_at(object, "hint");
  report.signal = text_at(object, "signal");
  report.said = text_at(object, "said");
  report.devices = devices_in(object);
  const std::int64_t made = time->get_int64();
  // A time to come is one of a clock that was wrong.
  if (made > now || made < now - lifetime_of(report.state)) return std::nullopt;
  if (json::serialize(object_of(report, key, made)) != text) return std::nullopt;
  report.age = std::chrono::seconds(now - made);
  return report;
}

std::string key_of(const Candidate& candidate) {
  Fingerprint key;
  key.add_path(candidate.file);
  key.add_path(candidate.library);
  // Another Wick tries other things.
  key.add_path(helper_program(kProbeProgram).file);
  key.add(driver_fingerprint(*candidate.manifest));
  return key.text();
}

std::string name_of(const Candidate& candidate, const RuntimeOptions& options) {
  Fingerprint name;
  name.add(candidate.file.native());
  for (const auto& [option, value] : options.options) {
    name.add(option);
    name.add(value);
  }
  return candidate.manifest->id + "-" + name.text() + std::string(kSuffix);
}

}  // namespace

ProbeCache::ProbeCache(const std::optional<fs::path>& folder, const Candidate& candidate,
                       const RuntimeOptions& options) {
  if (!folder || !candidate.manifest) return;
  file_ = *folder / name_of(candidate, options);
  key_ = key_of(candidate);
}

std::optional<ProbeReport> ProbeCache::find(std::int64_t now) const {
  return file_ ? parse(read_own_file(*file_), key_, now) : std::nullopt;
}

void ProbeCache::store(const ProbeReport& report, std::int64_t now) const {
  if (!file_ || lifetime_of(report.state) == 0) return;
  const fs::path folder = file_->parent_path();
  std::error_code error;
  fs::create_directories(folder, error);
  // Each set of options has a file: whoever tries many must not fill the disk.
  if (n_files_in(folder) >= kMaxFiles) remove_all_of(folder);
  try {
    AtomicFile file(file_->string());
    file.write(json::serialize(object_of(report, key_, now)));
    file.commit();
  } catch (const Error& e) {
    log_debug("{}; the next start will try the plugin again", e.what());
  }
}

std::optional<ProbeReport> recall_probe(const Candidate& candidate, const RuntimeOptions& options) {
  return ProbeCache(probe_folder(options), candidate, options).find(std::time(nullptr));
}

ProbeReport probe_or_recall(const Candidate& candidate, const RuntimeOptions& options) {
  const ProbeCache cache(probe_folder(options), candidate, options);
  if (auto kept = cache.find(std::time(nullptr))) return *kept;
  ProbeReport report = probe_plugin(candidate, options);
  if (report.keep) cache.store(report, std::time(nullptr));
  return report;
}

void forget_probes(const RuntimeOptions& options) {
  const auto folder = probe_folder(options);
  if (folder && !remove_all_of(*folder))
    fail(ErrorCode::kIo, folder->string(), ": what earlier starts kept cannot be removed; ",
         "check who may write this folder");
}

}  // namespace wick

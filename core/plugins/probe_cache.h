// What a plugin did when it was tried in a child, kept for the next starts. Nothing depends on it:
// what is not there, damaged or of other files is found out again.
#pragma once

#include "plugins/probe.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace wick {

/// One plugin's place in the cache.
class ProbeCache {
 public:
  static constexpr std::int64_t kFailureSeconds = 24 * 3600;
  /// A driver may change in a way that no manifest names. A pass that was kept for ever would then
  /// let it crash every start; one more child a week costs nothing.
  static constexpr std::int64_t kPassSeconds = 7 * 24 * 3600;

  /// Without a folder nothing is kept. Looks at the plugin's files and those of its drivers.
  ProbeCache(const std::optional<std::filesystem::path>& folder, const Candidate& candidate,
             const RuntimeOptions& options);

  /// What is kept, if it is of the same files, drivers and options and not too old; `now` in
  /// seconds of Unix time. With ProbeReport::age.
  std::optional<ProbeReport> find(std::int64_t now) const;
  /// Keeps passes, crashes and failures. The other states are found out quickly and may end any
  /// moment, by plugging in a device say. Never throws.
  void store(const ProbeReport& report, std::int64_t now) const;

  const std::optional<std::filesystem::path>& file() const noexcept { return file_; }

 private:
  std::optional<std::filesystem::path> file_;
  std::string key_;
};

/// The kept report, or probe_plugin() and what it gave kept.
ProbeReport probe_or_recall(const Candidate& candidate, const RuntimeOptions& options);

/// The kept report; starts nothing. Nothing where there is none that holds.
std::optional<ProbeReport> recall_probe(const Candidate& candidate, const RuntimeOptions& options);

/// Removes all that is kept, of every plugin. Errors: kIo, where something stays.
void forget_probes(const RuntimeOptions& options);

}  // namespace wick

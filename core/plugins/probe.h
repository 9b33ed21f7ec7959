// Tries a plugin in a child process, so that what crashes or hangs there does neither here.
#pragma once

#include "plugins/discovery.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace wick {

/// A device that a backend named while it was tried.
struct ProbedDevice {
  std::string backend, name;
};

/// How a probe went.
struct ProbeReport {
  PluginState state = PluginState::kAvailable;  ///< kAvailable: it may be loaded
  std::string sentence;                         ///< why not
  std::string hint;                             ///< what to do; may be empty
  std::string said;                             ///< what the child printed, cut where it is long
  std::string signal;                           ///< "SIGSEGV (Segmentation fault)"; may be empty
  bool keep = true;                             ///< false: it says nothing of the next start
  std::optional<std::chrono::seconds> age{};    ///< where it was kept from an earlier start
  std::vector<ProbedDevice> devices{};          ///< each backend's in the order of their numbers
};

inline constexpr char kProbeProgram[] = "wick-plugin-probe";

/// Whether its manifest asks for it. Explicit libraries have none; built-in plugins are not asked.
bool needs_probe(const Candidate& candidate);

/// Runs wick-plugin-probe on it: load, init(), devices, and what each of them computes. Never
/// throws for a bad plugin.
ProbeReport probe_plugin(const Candidate& candidate, const RuntimeOptions& options);

/// The child's side: writes what it is about to do, then how it went, for probe_plugin() to read.
/// words: the manifest, then the options that plugins may ask for as NAME=VALUE. Returns the exit
/// code.
int answer_probe(const std::vector<std::string>& words);

}  // namespace wick

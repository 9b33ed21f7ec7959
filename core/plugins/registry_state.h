// The inside of a Registry, shared by registry.cpp (finding) and plugin_rows.cpp (explaining).
#pragma once

#include "plugins/discovery.h"
#include "plugins/loaded_plugin.h"
#include "plugins/probe.h"
#include "plugins/registry.h"

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wick {

/// What somebody asks for: a provider by id, or a format by its type.
struct Request {
  std::string_view kind, id;
  std::optional<std::uint32_t> gguf_type{};

  bool fits(const Promise& promise) const;
  bool fits(const Provider& provider) const;
  std::string subject() const;  ///< "backend cpu", "tensor type 12"
};

/// A candidate and, once it is loaded, the plugin.
struct Slot {
  Candidate candidate;
  std::unique_ptr<LoadedPlugin> loaded{};
  std::optional<ProbeReport> probe{};  ///< where one was made
  bool warned = false;

  bool usable() const { return loaded || candidate.state == PluginState::kAvailable; }
  std::string name() const;  ///< the plugin's id, or the file where there is none
};

struct Registry::State {
  State(const RuntimeOptions& options, ThreadPool& pool);
  ~State();

  /// The functions below are called with the mutex held.
  bool try_load(Slot& slot);
  /// Errors: kUnavailable, where one cannot be loaded.
  void load_explicit();
  bool promises(const Slot& slot, const Request& request) const;
  std::optional<Provider> provider_of(const Slot& slot, const Request& request) const;
  std::optional<Provider> search(const Request& request);
  /// Why the plugins that would have it cannot be used; empty where there are none.
  std::string reasons(const Request& request) const;
  std::string ids_of(std::string_view kind) const;  ///< " a b", those that could be had
  [[noreturn]] void fail_missing(const Request& request) const;

  const RuntimeOptions options;
  ThreadPool& pool;
  std::mutex mutex;
  std::vector<Slot> slots;  // never grows after construction: plugins point into it
  std::vector<std::size_t> load_order;
};

}  // namespace wick

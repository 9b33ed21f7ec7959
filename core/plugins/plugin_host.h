// The host as one plugin sees it: its wick_host_api, and what it has registered.
#pragma once

#include "plugins/provider.h"
#include "plugins/runtime_options.h"

#include <wick/abi/host.h>

#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace wick {

class ThreadPool;
struct Manifest;

/// The table's address stays the same; it lives until after the plugin's shutdown().
class PluginHost {
 public:
  /// `manifest` may be null. All arguments outlive the PluginHost.
  PluginHost(std::string plugin, const Manifest* manifest, const RuntimeOptions& options,
             ThreadPool& pool);
  /// Destroys the providers, the last one first.
  ~PluginHost();
  PluginHost(const PluginHost&) = delete;
  PluginHost& operator=(const PluginHost&) = delete;

  const wick_host_api* api() const noexcept { return &api_; }
  /// Registration is open from the start, for the thread that made the PluginHost.
  void close_registration() noexcept;
  const std::vector<Provider>& providers() const noexcept { return providers_; }
  void destroy_providers() noexcept;
  /// Whether the plugin has looked at that option of the user's; any thread.
  bool has_asked_for(const std::string& option) const;

 private:
  std::optional<std::string> value_of(const std::string& name);
  void add(const wick_provider& provider);
  bool check_promise(const Provider& provider) const;
  static PluginHost& of(void* host) noexcept { return *static_cast<PluginHost*>(host); }
  static void log(void* host, uint32_t level, wick_str text) noexcept;
  static wick_code option(void* host, wick_str name, char* buffer, uint64_t capacity,
                          uint64_t* size) noexcept;
  static wick_code register_provider(void* host, const wick_provider* provider,
                                     wick_error* error) noexcept;

  struct Cleanup {
    void* self;
    void (*destroy)(void* self);
  };

  std::string plugin_;
  const Manifest* manifest_;
  const RuntimeOptions& options_;
  ThreadPool& pool_;
  wick_host_api api_;
  mutable std::mutex asked_mutex_;  // options may be asked for by any thread, at any time
  std::set<std::string> asked_;
  std::mutex mutex_;  // guards the members below while init() runs
  std::optional<std::thread::id> registering_;
  std::vector<Provider> providers_;
  std::vector<Cleanup> cleanups_;
};

}  // namespace wick

// A plugin whose init() passed. Ends with its providers destroyed and its shutdown() called; the
// library stays.
#pragma once

#include "plugins/discovery.h"
#include "plugins/plugin_host.h"

#include <wick/abi/base.h>

#include <memory>
#include <string>

namespace wick {

class LoadedPlugin {
 public:
  /// Opens the library, checks its header, calls init(). All arguments outlive the LoadedPlugin.
  /// Errors: PluginError.
  LoadedPlugin(const Candidate& candidate, const RuntimeOptions& options, ThreadPool& pool);
  ~LoadedPlugin();
  LoadedPlugin(const LoadedPlugin&) = delete;
  LoadedPlugin& operator=(const LoadedPlugin&) = delete;

  const std::string& id() const noexcept { return id_; }
  const std::string& version() const noexcept { return version_; }
  const std::vector<Provider>& providers() const noexcept { return host_->providers(); }
  bool has_asked_for(const std::string& option) const { return host_->has_asked_for(option); }

 private:
  const wick_plugin_header& header_;
  std::string id_, version_;
  std::unique_ptr<PluginHost> host_;
  void* context_ = nullptr;
};

}  // namespace wick

// The functions behind wick_host_api. Plugins call them, so nothing may throw out of here.
#include "plugins/plugin_host.h"

#include "base/cache_directory.h"
#include "base/log.h"
#include "base/thread_pool.h"
#include "plugins/manifest.h"
#include "plugins/provider_check.h"

#include <wick/abi/format.h>
#include <wick/sdk/guard.h>

#include <algorithm>
#include <cstring>

namespace wick {

PluginHost::PluginHost(std::string plugin, const Manifest* manifest, const RuntimeOptions& options,
                       ThreadPool& pool)
    : plugin_(std::move(plugin)),
      manifest_(manifest),
      options_(options),
      pool_(pool),
      api_(sdk::make<wick_host_api>()),
      registering_(std::this_thread::get_id()) {
  api_.abi_major = WICK_ABI_MAJOR;
  api_.abi_minor = WICK_ABI_MINOR;
  api_.host = this;
  api_.log = &PluginHost::log;
  api_.option = &PluginHost::option;
  api_.register_provider = &PluginHost::register_provider;
  api_.pool_threads = [](void* host) noexcept { return of(host).pool_.n_threads(); };
  api_.pool_region = [](void* host, wick_region_body body, void* argument) noexcept {
    of(host).pool_.region(body, argument);
  };
  api_.pool_barrier = [](void*, wick_team* team) noexcept { ThreadPool::barrier(team); };
  api_.graph = options.tables.graph;
  api_.builder = options.tables.builder;
  api_.metadata = options.tables.metadata;
}

PluginHost::~PluginHost() {
  destroy_providers();
}

void PluginHost::close_registration() noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  registering_.reset();
}

void PluginHost::destroy_providers() noexcept {
  providers_.clear();
  for (; !cleanups_.empty(); cleanups_.pop_back())
    if (cleanups_.back().destroy) cleanups_.back().destroy(cleanups_.back().self);
}

bool PluginHost::has_asked_for(const std::string& option) const {
  const std::lock_guard<std::mutex> lock(asked_mutex_);
  return asked_.count(option) != 0;
}

void PluginHost::log(void* host, uint32_t level, wick_str text) noexcept {
  // A line that cannot be written is no reason to fail.
  static_cast<void>(sdk::guard(nullptr, [&] {
    constexpr LogLevel kLevels[] = {LogLevel::kDebug, LogLevel::kInfo, LogLevel::kWarning,
                                    LogLevel::kError};
    const auto view = sdk::to_view(text);
    const auto severity = kLevels[std::min<uint32_t>(level, WICK_LOG_ERROR)];
    log_line(severity, "{}: {}", fmt::make_format_args(of(host).plugin_, view));
  }));
}

std::optional<std::string> PluginHost::value_of(const std::string& name) {
  const auto found = options_.options.find(name);
  if (found != options_.options.end()) {
    const std::lock_guard<std::mutex> lock(asked_mutex_);
    asked_.insert(name);
    return found->second;
  }
  // Ours, not the user's: plugins read no environment.
  if (name != "cache-folder") return std::nullopt;
  const auto folder = cache_directory();
  return folder ? std::optional<std::string>(folder->string()) : std::nullopt;
}

wick_code PluginHost::option(void* host, wick_str name, char* buffer, uint64_t capacity,
                             uint64_t* size) noexcept {
  wick_code code = WICK_NOT_FOUND;
  const wick_code failed = sdk::guard(nullptr, [&] {
    auto& self = of(host);
    const std::optional<std::string> value = self.value_of(std::string(sdk::to_view(name)));
    if (!value) return;
    code = WICK_OK;
    if (size) *size = value->size();
    const auto n = std::min<std::uint64_t>(capacity, value->size());
    if (buffer && n > 0) std::memcpy(buffer, value->data(), n);
  });
  return failed == WICK_OK ? code : failed;
}

wick_code PluginHost::register_provider(void* host, const wick_provider* provider,
                                        wick_error* error) noexcept {
  return sdk::guard(error, [&] {
    auto& self = of(host);
    const std::lock_guard<std::mutex> lock(self.mutex_);
    if (self.registering_ != std::this_thread::get_id())
      fail(ErrorCode::kBadArgument, self.plugin_,
           ": register_provider() was called outside init(); report this to its author");
    if (!provider)
      fail(ErrorCode::kBadArgument, self.plugin_,
           ": a provider is null; report this to its author");
    self.add(*provider);
  });
}

void PluginHost::add(const wick_provider& provider) {
  auto checked = check_provider(provider, plugin_);
  for (const auto& other : providers_)
    if (other.kind == checked.kind && other.id == checked.id)
      fail(ErrorCode::kBadArgument, plugin_, ": ", checked.kind, " ", checked.id,
           " is registered twice; report this to its author");
  const bool promised = check_promise(checked);
  // Ours from here on, used or not: nothing below may throw.
  cleanups_.reserve(cleanups_.size() + 1);
  providers_.reserve(providers_.size() + 1);
  cleanups_.push_back({provider.self, provider.destroy});
  if (promised) providers_.push_back(std::move(checked));
}

/// Providers are looked up by manifest: one that is not in it could be found after another made us
/// load the plugin, and not before.
bool PluginHost::check_promise(const Provider& provider) const {
  if (!manifest_) return true;
  for (const auto& promise : manifest_->provides) {
    if (promise.kind != provider.kind || promise.id != provider.id) continue;
    if (provider.kind != "quant" || !promise.gguf_type) return true;
    const auto type = format_table(provider)->gguf_type;
    if (type != *promise.gguf_type)
      fail(ErrorCode::kBadArgument, plugin_, ": quant ", provider.id, " has GGUF type ", type,
           ", its manifest says ", *promise.gguf_type, "; reinstall the plugin");
    return true;
  }
  log_warning("{}: it offers {} {}, which its manifest does not name; that is left out", plugin_,
              provider.kind, provider.id);
  return false;
}

}  // namespace wick

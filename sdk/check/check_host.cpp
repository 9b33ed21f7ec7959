// Every function of the host stops the counting of allocations: those are not the plugin's.
#include "check_host.h"

#include "arch_host.h"

#include <dlfcn.h>

namespace wick::check {
namespace {

const wick_host_api& kit_api(void* host) {
  return *static_cast<CheckHost*>(host)->kit().api();
}

/// Parallel regions are the plugin's own code again.
struct Region {
  wick_region_body body;
  void* argument;
};

void run_region(void* argument, wick_team* team, std::uint32_t thread,
                std::uint32_t n_threads) noexcept {
  const PluginRuns counted;
  const auto& region = *static_cast<Region*>(argument);
  region.body(region.argument, team, thread, n_threads);
}

}  // namespace

CheckHost::CheckHost(std::uint32_t n_threads)
    : kit_(n_threads),
      graph_("wick_graph_api", conformance::graph_api()),
      builder_("wick_builder_api", builder_api()),
      metadata_("wick_metadata_api", metadata_api()),
      api_("wick_host_api") {
  fill(*api_);
}

void CheckHost::fill(wick_host_api& api) {
  api.abi_major = WICK_ABI_MAJOR;
  api.abi_minor = static_cast<std::uint16_t>(skew().minor);
  api.host = this;
  api.log = +[](void* host, std::uint32_t level, wick_str text) noexcept {
    const HostRuns own;
    kit_api(host).log(kit_api(host).host, level, text);
  };
  api.option = +[](void* host, wick_str name, char* buffer, std::uint64_t capacity,
                   std::uint64_t* size) noexcept {
    const HostRuns own;
    return kit_api(host).option(kit_api(host).host, name, buffer, capacity, size);
  };
  api.register_provider =
      +[](void* host, const wick_provider* provider, wick_error* error) noexcept {
        const HostRuns own;
        return sdk::guard(error, [&] {
          of(host).registered_.push_back({std::string(sdk::to_view(provider->kind)),
                                          std::string(sdk::to_view(provider->id)), *provider});
        });
      };
  api.pool_threads =
      +[](void* host) noexcept { return kit_api(host).pool_threads(kit_api(host).host); };
  api.pool_region = +[](void* host, wick_region_body body, void* argument) noexcept {
    const HostRuns own;
    Region region{body, argument};
    kit_api(host).pool_region(kit_api(host).host, &run_region, &region);
  };
  api.pool_barrier = +[](void* host, wick_team* team) noexcept {
    kit_api(host).pool_barrier(kit_api(host).host, team);
  };
  api.graph = graph_.get();
  api.builder = builder_.get();
  api.metadata = metadata_.get();
}

CheckHost::~CheckHost() {
  for (auto p = registered_.rbegin(); p != registered_.rend(); ++p)
    if (p->provider.destroy) p->provider.destroy(p->provider.self);
  if (header_ && header_->shutdown) header_->shutdown(plugin_);
}

const wick_plugin_header& CheckHost::open(const std::string& path) {
  void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (!library) fail(ErrorCode::kUnavailable, "cannot be loaded: ", ::dlerror());
  const auto* header = static_cast<const wick_plugin_header*>(::dlsym(library, WICK_PLUGIN_SYMBOL));
  if (!header || header->magic != WICK_PLUGIN_MAGIC ||
      header->struct_size < sizeof(wick_plugin_header) || !header->init || !header->id ||
      !header->version)
    fail(ErrorCode::kIncompatible, "has no ", WICK_PLUGIN_SYMBOL,
         ", or one without magic number, size, id, version or init");
  return *header;
}

void CheckHost::init(const wick_plugin_header& header) {
  void* plugin = nullptr;
  call_plugin([&](wick_error* e) { return header.init(api_.get(), &plugin, e); });
  header_ = &header;
  plugin_ = plugin;
}

}  // namespace wick::check

// Counts and names devices, through the table alone.
#include "plugins/device_check.h"

#include <wick/abi/backend.h>
#include <wick/error.h>
#include <wick/sdk/guard.h>

namespace wick {

DeviceReport check_devices(const Provider& provider) {
  const auto* backend = backend_table(provider);
  DeviceReport report;
  try {
    std::uint32_t n = 0;
    sdk::check([&](wick_error* e) { return backend->device_count(provider.self, &n, e); });
    if (n == 0) return {PluginState::kNoDevice, "it finds no device", ""};
    for (std::uint32_t i = 0; i < n; ++i) {
      auto info = sdk::make<wick_device_info>();
      sdk::check([&](wick_error* e) { return backend->device_info(provider.self, i, &info, e); });
      const auto name = sdk::to_view(info.name), about = sdk::to_view(info.description);
      if (i > 0) report.sentence += "; ";
      report.names.emplace_back(name);
      report.sentence += std::string(name) + (about.empty() ? "" : ", ") + std::string(about);
    }
  } catch (const Error& e) {
    const bool no_driver = e.code() == ErrorCode::kUnavailable;
    return {no_driver ? PluginState::kNoDriver : PluginState::kProbeFailed, e.what(), e.hint()};
  }
  return report;
}

}  // namespace wick

// See no_device.h.
#include "no_device.h"

#include <wick/error.h>

#include "plugins/device_check.h"

namespace wick {

std::string no_device(Registry& registry, const std::string& backend) {
  const std::string missing = "no " + backend + " device: ";
  try {
    const DeviceReport report = check_devices(registry.find("backend", backend));
    return report.state == PluginState::kLoaded ? "" : missing + report.sentence;
  } catch (const Error& e) {
    return missing + e.what();
  }
}

}  // namespace wick

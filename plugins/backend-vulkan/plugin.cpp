// The plugin of the Vulkan backend: registration only. No driver is touched before it is asked for
// devices.
#include "backend.h"

#include <wick/sdk/plugin.h>

#include <memory>

WICK_DEFINE_PLUGIN("org.wick.backend-vulkan", WICK_PLUGIN_VERSION, [](const wick::sdk::Host& host) {
  wick::sdk::register_backend(host, "vulkan", std::make_unique<wick::vulkan::VulkanBackend>(host));
})

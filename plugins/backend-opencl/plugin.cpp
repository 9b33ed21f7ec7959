// The plugin of the OpenCL backend: registration only. No driver is touched before it is asked for
// devices.
#include "backend.h"

#include <wick/sdk/plugin.h>

#include <memory>

WICK_DEFINE_PLUGIN("org.wick.backend-opencl", WICK_PLUGIN_VERSION, [](const wick::sdk::Host& host) {
  wick::sdk::register_backend(host, "opencl", std::make_unique<wick::opencl::OpenClBackend>(host));
})

// The plugin of the CPU backend: registration only.
#include "backend.h"

#include <wick/sdk/plugin.h>

#include <memory>

WICK_DEFINE_PLUGIN("org.wick.backend-cpu", WICK_PLUGIN_VERSION, [](const wick::sdk::Host& host) {
  wick::sdk::register_backend(host, "cpu", std::make_unique<wick::cpu::CpuBackend>(host));
})

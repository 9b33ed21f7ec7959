// The trace backend as a plugin.
#include <wick/sdk/plugin.h>

#include "backend.h"

WICK_DEFINE_PLUGIN("org.example.backend-trace", WICK_PLUGIN_VERSION,
                   [](const wick::sdk::Host& host) {
                     wick::sdk::register_backend(host, "trace", trace::make_backend(host));
                   })

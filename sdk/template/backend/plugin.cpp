// template-name as a plugin: the one exported symbol, and nothing else.
#include <wick/sdk/plugin.h>

#include "backend.h"

WICK_DEFINE_PLUGIN("com.example.template-name", WICK_PLUGIN_VERSION,
                   [](const wick::sdk::Host& host) {
                     wick::sdk::register_backend(host, "template-name",
                                                 template_name_plugin::make_backend(host));
                   })

// template-name as a plugin: the one exported symbol, and nothing else.
#include <wick/sdk/plugin.h>

#include "model.h"

WICK_DEFINE_PLUGIN("com.example.template-name", WICK_PLUGIN_VERSION,
                   [](const wick::sdk::Host& host) {
                     using namespace template_name_plugin;
                     wick::sdk::register_architecture(
                         host, "template-name",
                         wick::sdk::Definition<Config>{read_config, list_tensors, build_graph});
                   })

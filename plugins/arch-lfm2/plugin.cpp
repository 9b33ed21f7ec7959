// LFM2 as a plugin.
#include <wick/sdk/plugin.h>

#include "config.h"

WICK_DEFINE_PLUGIN("org.wick.arch-lfm2", WICK_PLUGIN_VERSION, [](const wick::sdk::Host& host) {
  using namespace wick::lfm2;
  wick::sdk::register_architecture(
      host, "lfm2", wick::sdk::Definition<Config>{read_config, list_tensors, build_graph});
})

// The LLaMA family as a plugin.
#include <wick/sdk/plugin.h>

#include "config.h"

WICK_DEFINE_PLUGIN("org.wick.arch-llama", WICK_PLUGIN_VERSION, [](const wick::sdk::Host& host) {
  using namespace wick::llama;
  wick::sdk::register_architecture(
      host, "llama",
      wick::sdk::Definition<Config>{read_config, list_tensors, build_graph, convert_config});
})

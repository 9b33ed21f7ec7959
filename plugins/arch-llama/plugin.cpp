// The LLaMA family as a plugin.
#include <wick/sdk/plugin.h>

#include "config.h"

WICK_DEFINE_PLUGIN("org.wick.arch-llama", WICK_PLUGIN_VERSION, [](const wick::sdk::Host& host) {
  wick::sdk::register_architecture(host, "llama", wick::llama::make_architecture());
})

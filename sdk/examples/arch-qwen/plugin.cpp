// The Qwen family as a plugin: two names in files, one architecture.
#include <wick/sdk/plugin.h>

#include "config.h"

WICK_DEFINE_PLUGIN("org.example.arch-qwen", WICK_PLUGIN_VERSION, [](const wick::sdk::Host& host) {
  for (const char* family : {"qwen2", "qwen3"})
    wick::sdk::register_architecture(host, family, qwen::make_architecture(family));
})

// LFM2 as a plugin: two ids, one graph.
#include <wick/sdk/plugin.h>

#include "config.h"

WICK_DEFINE_PLUGIN("org.wick.arch-lfm2", WICK_PLUGIN_VERSION, [](const wick::sdk::Host& host) {
  using namespace wick::lfm2;
  wick::sdk::Definition<Config> model{nullptr, list_tensors, build_graph};
  model.read = [](const wick::sdk::Metadata& m) { return read_config(m, kDenseArch); };
  wick::sdk::register_architecture(host, kDenseArch, model);
  model.read = [](const wick::sdk::Metadata& m) { return read_config(m, kExpertArch); };
  wick::sdk::register_architecture(host, kExpertArch, model);
})

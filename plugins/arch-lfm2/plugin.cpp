// LFM2 as a plugin: two ids, one graph.
#include <wick/sdk/plugin.h>

#include "config.h"

WICK_DEFINE_PLUGIN("org.wick.arch-lfm2", WICK_PLUGIN_VERSION, [](const wick::sdk::Host& host) {
  using namespace wick::lfm2;
  namespace sdk = wick::sdk;
  sdk::Definition<Config> model{nullptr, list_tensors, build_graph};
  model.read = [](const sdk::Metadata& m) { return read_config(m, kDenseArch); };
  model.convert = [](const sdk::Metadata& config, const sdk::ConfigSink& gguf) {
    convert_config(config, gguf, kDenseArch);
  };
  sdk::register_architecture(host, kDenseArch, model);
  model.read = [](const sdk::Metadata& m) { return read_config(m, kExpertArch); };
  model.convert = [](const sdk::Metadata& config, const sdk::ConfigSink& gguf) {
    convert_config(config, gguf, kExpertArch);
  };
  sdk::register_architecture(host, kExpertArch, model);
})

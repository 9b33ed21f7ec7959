// The Qwen family as a plugin: two names in files, one architecture.
#include <wick/sdk/plugin.h>

#include "config.h"

WICK_DEFINE_PLUGIN("org.example.arch-qwen", WICK_PLUGIN_VERSION, [](const wick::sdk::Host& host) {
  using namespace qwen;
  sdk::Definition<Config> qwen2{nullptr, list_tensors, build_graph}, qwen3 = qwen2;
  qwen2.read = [](const sdk::Metadata& m) { return read_config(m, "qwen2"); };
  qwen3.read = [](const sdk::Metadata& m) { return read_config(m, "qwen3"); };
  qwen2.convert = [](const sdk::Metadata& config, const sdk::ConfigSink& gguf) {
    convert_config(config, gguf, "qwen2");
  };
  qwen3.convert = [](const sdk::Metadata& config, const sdk::ConfigSink& gguf) {
    convert_config(config, gguf, "qwen3");
  };
  sdk::register_architecture(host, "qwen2", qwen2);
  sdk::register_architecture(host, "qwen3", qwen3);
})

// The numbers that make a LLaMA model, read from GGUF metadata and checked.
#pragma once

#include <wick/sdk/gguf_config.h>

#include <cstdint>

namespace wick::llama {

struct Config {
  std::uint32_t n_layers = 0;
  std::int64_t context_length = 0, vocab_size = 0, model_dim = 0, ff_dim = 0;
  double norm_eps = 0.0;
  sdk::AttentionConfig attention;
  sdk::RopeConfig rope;

  sdk::ModelInfo info() const {
    return {n_layers, sdk::as_dim(context_length), sdk::as_dim(vocab_size), sdk::as_dim(model_dim)};
  }
};

/// Errors: kBadFile for numbers that make no model, kUnavailable for variants that this graph is
/// not (experts).
Config read_config(const sdk::Metadata& metadata);

/// The keys that read_config reads, from the config.json of a checkpoint. Errors as above.
void convert_config(const sdk::Metadata& config, const sdk::ConfigSink& gguf);

/// Every tensor that the graph uses, with its place in a Hugging Face checkpoint.
std::vector<sdk::TensorDecl> list_tensors(const Config& config);

void build_graph(const Config& config, const sdk::GraphBuilder& graph);

}  // namespace wick::llama

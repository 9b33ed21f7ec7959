// A template-name model: its numbers, its tensors, its graph. As it is, that of LLaMA with grouped
// queries and without biases.
#pragma once

#include <wick/sdk/gguf_config.h>

#include <cstdint>
#include <vector>

namespace template_name_plugin {

struct Config {
  std::uint32_t n_layers = 0;
  std::int64_t context_length = 0, vocab_size = 0, model_dim = 0, ff_dim = 0;
  double norm_eps = 0.0;
  wick::sdk::AttentionConfig attention;
  wick::sdk::RopeConfig rope;

  wick::sdk::ModelInfo info() const {
    return {n_layers, wick::sdk::as_dim(context_length), wick::sdk::as_dim(vocab_size),
            wick::sdk::as_dim(model_dim)};
  }
};

/// From the metadata of a GGUF file whose general.architecture is template-name. Errors: kBadFile
/// for numbers that make no model.
Config read_config(const wick::sdk::Metadata& metadata);

/// Every tensor that the graph uses, with its place in a Hugging Face checkpoint.
std::vector<wick::sdk::TensorDecl> list_tensors(const Config& config);

void build_graph(const Config& config, const wick::sdk::GraphBuilder& graph);

}  // namespace template_name_plugin

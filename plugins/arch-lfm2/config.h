// The numbers that make an LFM2 model, read from GGUF metadata and checked.
#pragma once

#include <wick/sdk/gguf_config.h>

#include <cstdint>
#include <vector>

namespace wick::lfm2 {

struct Config {
  std::uint32_t n_layers = 0;
  std::int64_t context_length = 0, vocab_size = 0, model_dim = 0, ff_dim = 0;
  double norm_eps = 0.0;
  std::int64_t conv_width = 0;           ///< `shortconv.l_cache`: taps of the convolution
  std::vector<std::int64_t> n_kv_heads;  ///< of each layer; 0: a convolution instead of attention
  sdk::AttentionConfig attention;        ///< n_kv_heads is the layer's own
  sdk::RopeConfig rope;

  sdk::ModelInfo info() const {
    return {n_layers, sdk::as_dim(context_length), sdk::as_dim(vocab_size), sdk::as_dim(model_dim)};
  }
  bool is_conv(std::uint32_t layer) const { return n_kv_heads[layer] == 0; }
};

/// Errors: kBadFile for numbers that make no model.
Config read_config(const sdk::Metadata& metadata);

/// Every tensor that the graph uses, with its place in a Hugging Face checkpoint.
std::vector<sdk::TensorDecl> list_tensors(const Config& config);

void build_graph(const Config& config, const sdk::GraphBuilder& graph);

}  // namespace wick::lfm2

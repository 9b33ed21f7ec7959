// The numbers that make a Qwen model, read from GGUF metadata and checked.
#pragma once

#include <wick/sdk/gguf_config.h>

#include <cstdint>
#include <string>
#include <vector>

namespace qwen {

namespace sdk = wick::sdk;

struct Config {
  std::uint32_t n_layers = 0;
  std::int64_t context_length = 0, vocab_size = 0, model_dim = 0, ff_dim = 0;
  double norm_eps = 0.0;
  bool is_qwen3 = false;  ///< norms of q and k; Qwen2 has biases of q, k and v instead
  sdk::AttentionConfig attention;
  sdk::RopeConfig rope;
  std::vector<bool> slides;  ///< of each layer: whether attention.window counts there

  sdk::ModelInfo info() const {
    return {n_layers, sdk::as_dim(context_length), sdk::as_dim(vocab_size), sdk::as_dim(model_dim)};
  }
};

/// family: "qwen2" or "qwen3", which the keys start with. Errors: kBadFile for numbers that make no
/// model, kUnavailable for a rope scaling that is not here.
Config read_config(const sdk::Metadata& metadata, const std::string& family);

/// The keys that read_config reads, from the config.json of a checkpoint. Errors as above.
void convert_config(const sdk::Metadata& config, const sdk::ConfigSink& gguf,
                    const std::string& family);

/// Every tensor that the graph uses, with its place in a Hugging Face checkpoint.
std::vector<sdk::TensorDecl> list_tensors(const Config& config);

void build_graph(const Config& config, const sdk::GraphBuilder& graph);

}  // namespace qwen

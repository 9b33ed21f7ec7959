// The numbers that make an LFM2 model, dense or of experts, read from GGUF metadata and checked.
#pragma once

#include <wick/sdk/gguf_config.h>

#include <cstdint>
#include <string>
#include <vector>

namespace wick::lfm2 {

inline constexpr const char* kDenseArch = "lfm2";
inline constexpr const char* kExpertArch = "lfm2moe";

/// Feed-forward networks of experts, behind the leading dense layers.
struct Experts {
  std::int64_t n_experts = 0, ff_dim = 0;
  std::uint32_t n_dense_layers = 0;
  sdk::RouteConfig route;
};

struct Config {
  std::uint32_t n_layers = 0;
  std::int64_t context_length = 0, vocab_size = 0, model_dim = 0, ff_dim = 0;
  double norm_eps = 0.0;
  std::int64_t conv_width = 0;           ///< `shortconv.l_cache`: taps of the convolution
  std::vector<std::int64_t> n_kv_heads;  ///< of each layer; 0: a convolution instead of attention
  sdk::AttentionConfig attention;        ///< n_kv_heads is the layer's own
  sdk::RopeConfig rope;
  Experts experts;  ///< none in a dense model

  sdk::ModelInfo info() const {
    return {n_layers, sdk::as_dim(context_length), sdk::as_dim(vocab_size), sdk::as_dim(model_dim)};
  }
  bool is_conv(std::uint32_t layer) const { return n_kv_heads[layer] == 0; }
  bool has_experts(std::uint32_t layer) const {
    return experts.n_experts > 0 && layer >= experts.n_dense_layers;
  }
};

/// Keys begin with `arch`, the architecture's id: lfm2moe.* has experts. Errors: kBadFile for
/// numbers that make no model, kUnavailable for a gating that the graph has not.
Config read_config(const sdk::Metadata& metadata, const std::string& arch);

/// The keys that read_config reads, from the config.json of a checkpoint. Errors as above.
void convert_config(const sdk::Metadata& config, const sdk::ConfigSink& gguf,
                    const std::string& arch);

/// Every tensor that the graph uses, with its place in a Hugging Face checkpoint.
std::vector<sdk::TensorDecl> list_tensors(const Config& config);

void build_graph(const Config& config, const sdk::GraphBuilder& graph);

}  // namespace wick::lfm2

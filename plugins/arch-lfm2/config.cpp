// Reads the config.
#include "config.h"

#include <cmath>

namespace wick::lfm2 {
namespace {

using sdk::kMaxDim, sdk::kMaxHeads, sdk::kMaxLayers;

constexpr std::int64_t kMaxExperts = 1 << 16;
constexpr std::int64_t kSoftmax = 1, kSigmoid = 2;  // of expert_gating_func

/// One number a layer, or one for all.
std::vector<std::int64_t> read_kv_heads(const sdk::Metadata& m, const std::string& arch,
                                        std::uint32_t n_layers, std::int64_t n_heads) {
  const std::string key = arch + ".attention.head_count_kv";
  std::vector<std::int64_t> heads(n_layers);
  if (m.is_array(key)) {
    heads = m.find_integers(key, kMaxLayers).value();
  } else {
    heads.assign(n_layers, m.integer(key, 0, n_heads));
  }
  if (heads.size() != n_layers)
    fail(ErrorCode::kBadFile, key, ": one number a layer is needed, got ", heads.size(), ", need ",
         n_layers);
  for (std::int64_t n : heads)
    if (n < 0 || (n > 0 && n_heads % n != 0))
      fail(ErrorCode::kBadFile, key, ": a number does not divide the head count, got ", n,
           ", need 0 or a divisor of ", n_heads);
  return heads;
}

sdk::AttentionConfig read_attention(const sdk::Metadata& m, const std::string& arch,
                                    std::int64_t model_dim) {
  const std::string prefix = arch + ".attention.";
  sdk::AttentionConfig a;
  a.n_heads = m.integer(prefix + "head_count", 1, kMaxHeads);
  if (model_dim % a.n_heads != 0)
    fail(ErrorCode::kBadFile, prefix, "head_count: it does not divide the model dimension, got ",
         a.n_heads, ", need a divisor of ", model_dim);
  a.head_dim = m.integer(prefix + "key_length", 2, kMaxDim, model_dim / a.n_heads);
  a.value_dim = m.integer(prefix + "value_length", 1, kMaxDim, a.head_dim);
  a.scale = 1.0 / std::sqrt(static_cast<double>(a.head_dim));
  a.window = m.integer(prefix + "sliding_window", 0, INT32_MAX, 0);
  return a;
}

Experts read_experts(const sdk::Metadata& m, const std::string& arch, std::uint32_t n_layers) {
  const std::string prefix = arch + ".expert_";
  Experts e;
  e.n_experts = m.integer(prefix + "count", 1, kMaxExperts);
  e.ff_dim = m.integer(prefix + "feed_forward_length", 1, kMaxDim);
  e.n_dense_layers =
      static_cast<std::uint32_t>(m.integer(arch + ".leading_dense_block_count", 0, n_layers, 0));
  e.route.n_used = m.integer(prefix + "used_count", 1, e.n_experts);
  const std::int64_t gating = m.integer(prefix + "gating_func", 0, INT32_MAX, kSigmoid);
  if (gating != kSoftmax && gating != kSigmoid)
    fail(ErrorCode::kUnavailable, prefix, "gating_func: this plugin knows no such gating, got ",
         gating, ", need ", kSoftmax, " or ", kSigmoid);
  e.route.gating = gating == kSigmoid ? sdk::Gating::kSigmoid : sdk::Gating::kSoftmax;
  e.route.normalize = m.find_bool(prefix + "weights_norm").value_or(true);
  e.route.epsilon = e.route.normalize ? 1e-6 : 0.0;  // of the original implementation
  const double scale = m.real(prefix + "weights_scale", 0.0, 1e6, 1.0);
  e.route.scale = scale > 0.0 ? scale : 1.0;  // converters write 0 for none
  return e;
}

}  // namespace

Config read_config(const sdk::Metadata& m, const std::string& arch) {
  Config c;
  c.n_layers = static_cast<std::uint32_t>(m.integer(arch + ".block_count", 1, kMaxLayers));
  c.context_length = m.integer(arch + ".context_length", 1, INT32_MAX);
  c.model_dim = m.integer(arch + ".embedding_length", 1, kMaxDim);
  c.ff_dim = m.integer(arch + ".feed_forward_length", 1, kMaxDim);
  c.norm_eps = m.real(arch + ".attention.layer_norm_rms_epsilon", 0.0, 1.0);
  c.conv_width = m.integer(arch + ".shortconv.l_cache", 2, 1024);
  c.vocab_size = sdk::read_vocab_size(m, arch);
  c.attention = read_attention(m, arch, c.model_dim);
  c.n_kv_heads = read_kv_heads(m, arch, c.n_layers, c.attention.n_heads);
  c.rope.head_dim = c.rope.n_rotary = c.attention.head_dim;
  if (c.rope.head_dim % 2 != 0)
    fail(ErrorCode::kBadFile, arch, ".attention.key_length: dimensions are rotated in pairs, got ",
         c.rope.head_dim, ", need an even number");
  c.rope.layout = sdk::RopeLayout::kHalves;
  c.rope.base = m.real(arch + ".rope.freq_base", 1.0, 1e15, 1000000.0);
  if (arch == kExpertArch) c.experts = read_experts(m, arch, c.n_layers);
  return c;
}

}  // namespace wick::lfm2

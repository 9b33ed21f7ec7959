// What the metadata and tensor names of most GGUF architectures have in common, so that a config
// reads its own keys only. Limits are far above any model that exists, and low enough that products
// of two fit 64 bits.
#pragma once

#include <wick/sdk/arch.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace wick {
inline namespace v1 {
namespace sdk {

inline constexpr std::int64_t kMaxLayers = 4096, kMaxDim = 1 << 20, kMaxHeads = 1 << 14,
                              kMaxVocab = 1 << 24;

/// For dimensions that were read as integers in a range.
inline std::uint64_t as_dim(std::int64_t n) noexcept {
  return static_cast<std::uint64_t>(n);
}

/// The rows of token_embd.weight; ARCH.vocab_size, where the file has it, must agree.
inline std::int64_t read_vocab_size(const Metadata& m, const std::string& arch) {
  const auto table = m.tensor("token_embd.weight");
  if (!table || table->size() != 2 || (*table)[0] > as_dim(kMaxVocab))
    fail(ErrorCode::kBadFile,
         "token_embd.weight: the tensor is missing or no matrix; the file is no complete model");
  const auto rows = static_cast<std::int64_t>((*table)[0]);
  const std::int64_t vocab_size = m.integer(arch + ".vocab_size", 1, kMaxVocab, rows);
  if (vocab_size != rows)
    fail(ErrorCode::kBadFile, arch,
         ".vocab_size: it differs from the rows of token_embd.weight, got ", vocab_size, ", need ",
         rows);
  return vocab_size;
}

/// What YaRN's own magnitude, 1 + 0.1 ln(factor), is to be multiplied with. Converters write a
/// checkpoint's attention_factor, which stands in its place, as yarn_attn_factor.
inline double yarn_attn_factor(const Metadata& m, const std::string& prefix, double own) {
  return m.real(prefix + "attn_factor", 0.0, 1e6, 1.0) *
         m.real(prefix + "yarn_attn_factor", 0.0, 1e6, own) / own;
}

/// ARCH.rope.scaling.*: linear scaling and YaRN. Other kinds are refused by name.
inline void read_rope_scaling(const Metadata& m, const std::string& arch,
                              std::int64_t context_length, RopeConfig& rope) {
  const std::string prefix = arch + ".rope.scaling.";
  const std::string type = m.find_string(prefix + "type").value_or("linear");
  if (type != "none" && type != "linear" && type != "yarn")
    fail(ErrorCode::kUnavailable, prefix, "type: this plugin knows no scaling '", type,
         "', need none, linear or yarn");
  if (type == "none") return;
  // Files of before 2023-10 have rope.scale_linear; a factor of 0 stands for none.
  const double old_factor = m.real(arch + ".rope.scale_linear", 0.0, 1e6, 0.0);
  const double factor = m.real(prefix + "factor", 0.0, 1e6, old_factor);
  rope.scale = factor > 0.0 ? 1.0 / factor : 1.0;
  if (type != "yarn") return;
  rope.original_context =
      m.integer(prefix + "original_context_length", 1, INT32_MAX, context_length);
  if (rope.scale > 1.0)
    fail(ErrorCode::kBadFile, prefix, "factor: YaRN only stretches, got ", factor,
         ", need at least 1");
  rope.ext_factor = m.real(prefix + "yarn_ext_factor", 0.0, 1e6, 1.0);
  const double own = rope.ext_factor > 0.0 ? 1.0 + 0.1 * std::log(1.0 / rope.scale) : 1.0;
  rope.attn_factor = yarn_attn_factor(m, prefix, own);
  rope.beta_fast = m.real(prefix + "yarn_beta_fast", 1e-6, 1e6, 32.0);
  rope.beta_slow = m.real(prefix + "yarn_beta_slow", 1e-6, 1e6, 1.0);
}

/// Adds the tensors of one layer: `blk.N.NAME` in GGUF, `model.layers.N.SOURCE` in a checkpoint.
class LayerTensors {
 public:
  LayerTensors(std::vector<TensorDecl>& all, std::uint32_t layer) : all_(all), layer_(layer) {}

  /// The names are without ".weight".
  void weight(const std::string& name, std::vector<std::uint64_t> dims, const std::string& role,
              const std::string& source, const std::string& transform = "") {
    add(name + ".weight", std::move(dims), role, source + ".weight").transform = transform;
  }
  void norm(const std::string& name, std::int64_t dim, const std::string& source) {
    weight(name, {as_dim(dim)}, "norm", source);
  }
  /// A bias or other vector that a file may have not. The names are complete.
  void optional_vector(const std::string& name, std::uint64_t dim, const std::string& source) {
    add(name, {dim}, "bias", source).optional = true;
  }
  /// A matrix that only some models of a family have a bias with. Its name is its role.
  void matrix_with_bias(const std::string& name, std::vector<std::uint64_t> dims,
                        const std::string& source, const std::string& transform = "") {
    const std::uint64_t rows = dims[0];
    weight(name, std::move(dims), name, source, transform);
    TensorDecl& bias = add(name + ".bias", {rows}, "bias", source + ".bias");
    bias.transform = transform;
    bias.optional = true;
  }

 private:
  TensorDecl& add(const std::string& name, std::vector<std::uint64_t> dims, const std::string& role,
                  const std::string& source) {
    const std::string number = std::to_string(layer_);
    all_.push_back({"blk." + number + "." + name, std::move(dims), role,
                    "model.layers." + number + "." + source, "",
                    static_cast<std::int32_t>(layer_)});
    return all_.back();
  }

  std::vector<TensorDecl>& all_;
  std::uint32_t layer_;
};

}  // namespace sdk
}  // namespace v1
}  // namespace wick

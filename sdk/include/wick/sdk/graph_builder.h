// How an architecture writes its graph: one call an op. Names of weights are relative to the scope:
// "blk.3." inside a layer.
#pragma once

#include <wick/abi/arch.h>
#include <wick/sdk/guard.h>

#include <string>
#include <utility>
#include <vector>

namespace wick {
inline namespace v1 {
namespace sdk {

/// An activation [rows, width], or a weight; nothing where an optional weight is absent.
class Value {
 public:
  Value() = default;
  explicit Value(std::uint32_t index) noexcept : index_(index) {}
  explicit operator bool() const noexcept { return index_ != WICK_NONE; }
  std::uint32_t index() const noexcept { return index_; }

 private:
  std::uint32_t index_ = WICK_NONE;
};

enum class RopeLayout : std::int64_t {
  kInterleaved = 0,  ///< pairs (0, 1), (2, 3), ...
  kHalves = 1,       ///< pairs (0, n/2), (1, n/2 + 1), ...
};

/// Angle of pair i at position p: p * frequency(i), frequency(i) = base^(-2i/n_rotary) /
/// factors[i], then scaled: linearly by `scale` (1/factor), and by YaRN where ext_factor > 0 (Peng
/// et al., 2023, arXiv 2309.00071).
struct RopeConfig {
  std::int64_t head_dim = 0, n_rotary = 0;
  RopeLayout layout = RopeLayout::kInterleaved;
  double base = 10000.0, scale = 1.0;
  double ext_factor = 0.0, attn_factor = 1.0, beta_fast = 32.0, beta_slow = 1.0;
  std::int64_t original_context = 0;
};

struct AttentionConfig {
  std::int64_t n_heads = 0, n_kv_heads = 0, head_dim = 0, value_dim = 0;
  double scale = 0.0;       ///< of the scores: 1/sqrt(head_dim) as a rule
  std::int64_t window = 0;  ///< sliding window in tokens, itself included; 0: all
  double softcap = 0.0;     ///< 0: none
};

enum class Gating : std::int64_t {
  kSoftmax = 0,  ///< over all experts
  kSigmoid = 1,  ///< each expert by itself
};

/// How a token chooses experts, and their weights: see route@1 in docs/ops.md.
struct RouteConfig {
  std::int64_t n_used = 0;  ///< experts of a token
  Gating gating = Gating::kSoftmax;
  bool normalize = false;  ///< weights over their sum + epsilon
  double epsilon = 0.0;
  double scale = 1.0;  ///< of the weights, after normalizing
};

using Attributes = std::vector<std::pair<const char*, std::int64_t>>;
using RealAttributes = std::vector<std::pair<const char*, double>>;

/// Ops (docs/ops.md), with weights by name.
class Scope {
 public:
  Scope(const wick_builder_api* api, wick_builder* builder, std::string prefix, std::int32_t layer)
      : api_(api), builder_(builder), prefix_(std::move(prefix)), layer_(layer) {}

  /// A declared tensor; nothing where it is optional and absent.
  Value weight(const std::string& name) const {
    std::uint32_t index = WICK_NONE;
    const std::string full = prefix_ + name;
    check([&](wick_error* e) { return api_->weight(builder_, to_str(full), &index, e); });
    return Value(index);
  }

  Value embed(const std::string& table) const { return op("embed@1", {weight(table)}); }
  Value matmul(const std::string& name, Value x) const { return op("matmul@1", {x, weight(name)}); }
  /// x * weight + bias, where the file has that bias.
  Value matmul(const std::string& name, Value x, const std::string& bias_name) const {
    const Value product = matmul(name, x), bias = weight(bias_name);
    return bias ? add(product, bias) : product;
  }
  Value add(Value a, Value b) const { return op("add@1", {a, b}); }
  Value mul(Value a, Value b) const { return op("mul@1", {a, b}); }
  Value rms_norm(Value x, const std::string& name, double epsilon) const {
    return op("rms_norm@1", {x, weight(name)}, {}, {{"epsilon", epsilon}});
  }
  Value layer_norm(Value x, const std::string& name, const std::string& bias,
                   double epsilon) const {
    return op("layer_norm@1", {x, weight(name), bias.empty() ? Value() : weight(bias)}, {},
              {{"epsilon", epsilon}});
  }
  Value rope(Value x, const RopeConfig& c, Value factors = Value()) const {
    return op("rope@1", {x, factors},
              {{"head_dim", c.head_dim},
               {"n_rotary", c.n_rotary},
               {"layout", static_cast<std::int64_t>(c.layout)},
               {"original_context", c.original_context}},
              {{"base", c.base},
               {"scale", c.scale},
               {"ext_factor", c.ext_factor},
               {"attn_factor", c.attn_factor},
               {"beta_fast", c.beta_fast},
               {"beta_slow", c.beta_slow}});
  }
  /// Declares the layer's keys and values and attends to them: each token sees itself and what came
  /// before.
  Value attention(Value q, Value k, Value v, const AttentionConfig& c) const {
    const std::uint32_t kv = state("kv", c.n_kv_heads, c.head_dim, c.value_dim);
    return op("attention@1", {q, k, v},
              {{"n_heads", c.n_heads},
               {"n_kv_heads", c.n_kv_heads},
               {"head_dim", c.head_dim},
               {"value_dim", c.value_dim},
               {"window", c.window}},
              {{"scale", c.scale}, {"softcap", c.softcap}}, kv);
  }
  /// y[t, c] = sum over j of kernel[c, j] * x[t - width + 1 + j, c]; kernel [channels, width].
  Value short_conv(Value x, const std::string& kernel, std::int64_t width,
                   std::int64_t channels) const {
    return op("short_conv@1", {x, weight(kernel)}, {}, {}, state("conv", width, channels, 0));
  }
  /// scores [rows, n_experts] to the experts of each row, for the next two; the bias is optional.
  Value route(Value scores, const RouteConfig& c, Value bias = Value()) const {
    return op("route@1", {scores, bias},
              {{"n_used", c.n_used},
               {"gating", static_cast<std::int64_t>(c.gating)},
               {"normalize", c.normalize ? 1 : 0}},
              {{"epsilon", c.epsilon}, {"scale", c.scale}});
  }
  /// x by the matrices of each row's experts, side by side; the weight is [n_experts, n_out, n_in].
  Value matmul_experts(const std::string& name, Value x, Value routes) const {
    return op("matmul_experts@1", {x, routes, weight(name)});
  }
  /// The weighted sum of what the experts of each row made.
  Value combine(Value y, Value routes) const { return op("combine@1", {y, routes}); }
  /// The k largest values of each row: their columns, then the values themselves.
  Value top_k(Value x, std::int64_t k) const { return op("top_k@1", {x}, {{"k", k}}); }
  Value swiglu(Value gate, Value up) const { return op("swiglu@1", {gate, up}); }
  Value silu(Value x) const { return op("silu@1", {x}); }
  Value gelu(Value x) const { return op("gelu@1", {x}); }
  Value softcap(Value x, double cap) const { return op("softcap@1", {x}, {}, {{"cap", cap}}); }
  Value scale(Value x, double factor) const { return op("scale@1", {x}, {}, {{"factor", factor}}); }
  Value slice(Value x, std::int64_t begin, std::int64_t length) const {
    return op("slice@1", {x}, {{"begin", begin}, {"length", length}});
  }

  Value op(std::string_view name, const std::vector<Value>& inputs, const Attributes& integers = {},
           const RealAttributes& reals = {}, std::uint32_t state_index = WICK_NONE) const {
    std::vector<std::uint32_t> indices;
    for (Value input : inputs) indices.push_back(input.index());
    std::vector<wick_attribute> attributes;
    for (const auto& [key, value] : integers)
      attributes.push_back({to_str(key), WICK_ATTRIBUTE_I64, 0, value, 0.0});
    for (const auto& [key, value] : reals)
      attributes.push_back({to_str(key), WICK_ATTRIBUTE_F64, 0, 0, value});
    auto desc = make<wick_op_desc>();
    desc.op = to_str(name);
    desc.inputs = indices.data();
    desc.n_inputs = static_cast<std::uint32_t>(indices.size());
    desc.attributes = attributes.data();
    desc.n_attributes = static_cast<std::uint32_t>(attributes.size());
    desc.layer = layer_;
    desc.state = state_index;
    std::uint32_t output = WICK_NONE;
    check([&](wick_error* e) { return api_->op(builder_, &desc, &output, e); });
    return Value(output);
  }

 protected:
  std::uint32_t state(const char* kind, std::int64_t a, std::int64_t b, std::int64_t c) const {
    auto info = make<wick_state_info>();
    info.layer = layer_;
    info.kind = to_str(kind);
    info.a = static_cast<std::uint64_t>(a);
    info.b = static_cast<std::uint64_t>(b);
    info.c = static_cast<std::uint64_t>(c);
    std::uint32_t index = WICK_NONE;
    check([&](wick_error* e) { return api_->state(builder_, &info, &index, e); });
    return index;
  }

  const wick_builder_api* api_;
  wick_builder* builder_;
  std::string prefix_;
  std::int32_t layer_;
};

using Layer = Scope;

class GraphBuilder : public Scope {
 public:
  GraphBuilder(const wick_builder_api* api, wick_builder* builder) : Scope(api, builder, "", -1) {}

  Layer layer(std::uint32_t i) const {
    return Layer(api_, builder_, "blk." + std::to_string(i) + ".", static_cast<std::int32_t>(i));
  }
  std::vector<Layer> layers(std::uint32_t n) const {
    std::vector<Layer> all;
    for (std::uint32_t i = 0; i < n; ++i) all.push_back(layer(i));
    return all;
  }
  /// The rows whose logits are wanted: everything behind this costs only for them.
  Value select_rows(Value x) const { return op("select_rows@1", {x}); }
  void logits(Value x) const {
    check([&](wick_error* e) { return api_->output(builder_, x.index(), to_str("logits"), e); });
  }
};

}  // namespace sdk
}  // namespace v1
}  // namespace wick

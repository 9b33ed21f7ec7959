// Takes a graph as the kit's fixture, so that the reference ops can run it.
#include "allocation.h"
#include "arch_host.h"

#include <wick/sdk/guard.h>

#include <algorithm>

namespace wick::check {
namespace {

std::int64_t integer_of(const conformance::NodeSpec& spec, const std::string& name) {
  for (const auto& [key, value] : spec.integers)
    if (key == name) return value;
  fail(ErrorCode::kBadShape, spec.op, ": the attribute ", name, " is missing");
}

/// Of the result of a route@1: indices and weights.
std::int64_t n_used_of(const std::vector<std::int64_t>& routes) {
  if (routes.back() < 2) fail(ErrorCode::kBadShape, "the routes have no expert");
  return routes.back() / 2;
}

}  // namespace

BuilderHost::BuilderHost(const std::vector<DeclaredTensor>& tensors, bool has_optional)
    : tensors_(tensors), has_optional_(has_optional) {}

std::int64_t BuilderHost::logits_width() const {
  return logits_ == WICK_NONE ? 0 : values_[logits_].dims.back();
}

void BuilderHost::enter() {
  if (++n_calls_ == failing_call_)
    fail(ErrorCode::kBadShape, "the builder refuses this call, for a test");
}

std::uint32_t BuilderHost::weight(const std::string& name) {
  const auto before = weights_.find(name);
  if (before != weights_.end()) return before->second;
  const auto found = std::find_if(tensors_.begin(), tensors_.end(),
                                  [&](const DeclaredTensor& t) { return t.name == name; });
  if (found == tensors_.end())
    fail(ErrorCode::kBadArgument, name, ": the tensor was not declared by tensors()");
  if (found->optional && !has_optional_) return WICK_NONE;
  const std::vector<std::int64_t> dims(found->dims.begin(), found->dims.end());
  values_.push_back({dims});
  return weights_[name] = graph_.weight(name, dims);
}

const BuilderHost::Known& BuilderHost::known(const conformance::NodeSpec& spec,
                                             std::size_t input) const {
  if (input >= spec.inputs.size() || spec.inputs[input] == WICK_NONE)
    fail(ErrorCode::kBadShape, spec.op, ": input ", input, " is missing");
  return values_[spec.inputs[input]];
}

std::int64_t BuilderHost::width_of(const conformance::NodeSpec& spec) const {
  if (spec.op == "embed@1") return known(spec, 0).dims.back();
  if (spec.op == "slice@1") return integer_of(spec, "length");
  if (spec.op == "attention@1") return integer_of(spec, "n_heads") * integer_of(spec, "value_dim");
  if (spec.op == "route@1") return 2 * integer_of(spec, "n_used");
  if (spec.op == "top_k@1") return 2 * integer_of(spec, "k");
  const std::int64_t width = known(spec, 0).dims.back();
  if (spec.op == "combine@1") return width / n_used_of(known(spec, 1).dims);
  if (spec.op == "matmul_experts@1") {
    const auto& dims = known(spec, 2).dims;
    if (dims.size() != 3) fail(ErrorCode::kBadShape, spec.op, ": need a weight of 3 dimensions");
    return n_used_of(known(spec, 1).dims) * dims[1];
  }
  if (spec.op != "matmul@1") return width;
  if (known(spec, 1).dims.back() != width)
    fail(ErrorCode::kBadShape, spec.op, ": the matrix has rows of ", known(spec, 1).dims.back(),
         ", need ", width);
  return known(spec, 1).dims.front();
}

std::uint32_t BuilderHost::op(const wick_op_desc& desc) {
  conformance::NodeSpec spec;
  spec.op = std::string(sdk::to_view(desc.op));
  spec.inputs.assign(desc.inputs, desc.inputs + desc.n_inputs);
  for (const std::uint32_t input : spec.inputs)
    if (input != WICK_NONE && input >= values_.size())
      fail(ErrorCode::kBadArgument, spec.op, ": there is no value ", input);
  for (std::uint32_t i = 0; i < desc.n_attributes; ++i) {
    const wick_attribute& a = desc.attributes[i];
    if (a.type == WICK_ATTRIBUTE_I64)
      spec.integers.emplace_back(std::string(sdk::to_view(a.name)), a.i);
    else
      spec.reals.emplace_back(std::string(sdk::to_view(a.name)), a.f);
  }
  if (desc.state != WICK_NONE && desc.state >= n_states_)
    fail(ErrorCode::kBadArgument, spec.op, ": there is no state ", desc.state);
  spec.state = desc.state;
  spec.width = width_of(spec);
  values_.push_back({{WICK_DIM_TOKENS, spec.width}});
  return graph_.node(spec);
}

const wick_builder_api* builder_api() {
  static const wick_builder_api api = [] {
    auto a = sdk::make<wick_builder_api>();
    a.weight = +[](wick_builder* b, wick_str name, std::uint32_t* value, wick_error* e) noexcept {
      const HostRuns own;
      return sdk::guard(e, [&] {
        BuilderHost::of(b).enter();
        *value = BuilderHost::of(b).weight(std::string(sdk::to_view(name)));
      });
    };
    a.op = +[](wick_builder* b, const wick_op_desc* desc, std::uint32_t* value,
               wick_error* e) noexcept {
      const HostRuns own;
      return sdk::guard(e, [&] {
        BuilderHost::of(b).enter();
        *value = BuilderHost::of(b).op(*desc);
      });
    };
    a.state = +[](wick_builder* b, const wick_state_info* info, std::uint32_t* index,
                  wick_error* e) noexcept {
      const HostRuns own;
      return sdk::guard(e, [&] {
        BuilderHost& host = BuilderHost::of(b);
        host.enter();
        *index =
            host.graph_.state(std::string(sdk::to_view(info->kind)), info->a, info->b, info->c);
        host.n_states_ = *index + 1;
      });
    };
    a.output = +[](wick_builder* b, std::uint32_t value, wick_str name, wick_error* e) noexcept {
      const HostRuns own;
      return sdk::guard(e, [&] {
        BuilderHost& host = BuilderHost::of(b);
        host.enter();
        if (value >= host.values_.size())
          fail(ErrorCode::kBadArgument, "output: there is no value ", value);
        host.graph_.output(value, std::string(sdk::to_view(name)));
        if (sdk::to_view(name) == "logits") host.logits_ = value;
      });
    };
    return a;
  }();
  return &api;
}

}  // namespace wick::check

// See builder.h. What an architecture gets wrong here is a bug of its plugin, or a file whose
// numbers do not go together.
#include "graph/builder.h"

#include <wick/error.h>
#include <wick/sdk/guard.h>

#include "graph/op_list.h"

namespace wick {
namespace {

using sdk::to_view;

// A model of 1000 layers has some 20,000 nodes: what is far above that is a plugin that runs wild.
constexpr std::size_t kMaxNodes = 1u << 20;

std::string place_of(std::int32_t layer) {
  return layer < 0 ? "graph" : "graph, layer " + std::to_string(layer);
}

AttributeMap read_attributes(const wick_op_desc& desc) {
  AttributeMap attributes;
  for (std::uint32_t i = 0; i < desc.n_attributes; ++i) {
    const wick_attribute& a = desc.attributes[i];
    Attribute value = a.type == WICK_ATTRIBUTE_F64 ? Attribute(a.f) : Attribute(a.i);
    attributes.emplace(std::string(to_view(a.name)), value);
  }
  return attributes;
}

Builder& builder_of(wick_builder* builder) noexcept {
  return *reinterpret_cast<Builder*>(builder);
}

}  // namespace

std::uint32_t Builder::add_value(Value value) {
  graph_.values.push_back(std::move(value));
  return static_cast<std::uint32_t>(graph_.values.size() - 1);
}

std::uint32_t Builder::weight(std::string_view name) {
  const auto known = weights_.find(name);
  if (known != weights_.end()) return known->second;
  const auto declared = tensors_.find(name);
  if (declared == tensors_.end())
    fail(ErrorCode::kInternal, "graph: the architecture uses ", name, ", which it did not declare");
  if (!declared->second.present) return WICK_NONE;
  const std::uint32_t index =
      add_value({WICK_VALUE_WEIGHT, std::string(name), declared->second.dims, false});
  weights_.emplace(std::string(name), index);
  return index;
}

std::uint32_t Builder::op(const wick_op_desc& desc) {
  if (!WICK_HAS(&desc, state))
    fail(ErrorCode::kInternal, "graph: an op was described with too small a struct");
  const OpRow* row = find_op(to_view(desc.op));
  if (!row)
    fail(ErrorCode::kUnavailable, "graph: this version has no op ", to_view(desc.op),
         "; use a newer one");
  OpUse use;
  use.op = row->name;
  use.where = place_of(desc.layer);
  if (desc.n_inputs != row->n_inputs) use.refuse("it was given another number of inputs");
  if (graph_.nodes.size() >= kMaxNodes) use.refuse("the graph has too many nodes");
  Node node;
  node.inputs.assign(desc.inputs, desc.inputs + desc.n_inputs);
  for (std::size_t i = 0; i < node.inputs.size(); ++i) {
    const std::uint32_t input = node.inputs[i];
    const bool absent = input == WICK_NONE;
    if (absent && i + row->n_optional < node.inputs.size())
      use.refuse("input " + std::to_string(i) + " is absent");
    if (!absent && input >= graph_.values.size()) use.refuse("an input is no value of this graph");
    use.inputs.push_back(absent ? nullptr : &graph_.values[input]);
  }
  if (!row->state_kind.empty()) {
    if (desc.state >= graph_.states.size() || graph_.states[desc.state].kind != row->state_kind)
      use.refuse("it needs a state of kind " + std::string(row->state_kind));
    use.state = &graph_.states[desc.state];
    node.state = desc.state;
  }
  node.op = std::string(row->name);
  node.layer = desc.layer;
  node.attributes = read_attributes(desc);
  use.attributes = &node.attributes;
  Value result{WICK_VALUE_ACTIVATION, "", row->rule(use), false};
  node.output = add_value(std::move(result));
  graph_.nodes.push_back(std::move(node));
  return graph_.nodes.back().output;
}

std::uint32_t Builder::state(const wick_state_info& info) {
  if (!WICK_HAS(&info, c))
    fail(ErrorCode::kInternal, "graph: a state was described with too small a struct");
  constexpr std::uint64_t kMost = 1u << 24;
  if (info.a == 0 || info.b == 0 || info.a > kMost || info.b > kMost || info.c > kMost)
    fail(ErrorCode::kBadShape, place_of(info.layer), ": a state has impossible dimensions");
  graph_.states.push_back({std::string(to_view(info.kind)), info.layer, info.a, info.b, info.c});
  return static_cast<std::uint32_t>(graph_.states.size() - 1);
}

void Builder::output(std::uint32_t value, std::string_view name) {
  if (value >= graph_.values.size() || graph_.values[value].kind == WICK_VALUE_WEIGHT)
    fail(ErrorCode::kInternal, "graph: output ", name, " is no activation");
  graph_.values[value].is_output = true;
  graph_.values[value].name = std::string(name);
}

Graph Builder::finish() {
  for (const Value& value : graph_.values)
    if (value.is_output && value.name == "logits") return std::move(graph_);
  fail(ErrorCode::kInternal, "graph: the architecture made no output named logits");
}

const wick_builder_api& builder_api() noexcept {
  static const wick_builder_api api = [] {
    auto table = sdk::make<wick_builder_api>();
    table.weight =
        +[](wick_builder* b, wick_str name, std::uint32_t* value, wick_error* e) noexcept {
          return sdk::guard(e, [&] { *value = builder_of(b).weight(to_view(name)); });
        };
    table.op = +[](wick_builder* b, const wick_op_desc* desc, std::uint32_t* value,
                   wick_error* e) noexcept {
      return sdk::guard(e, [&] { *value = builder_of(b).op(*desc); });
    };
    table.state = +[](wick_builder* b, const wick_state_info* info, std::uint32_t* index,
                      wick_error* e) noexcept {
      return sdk::guard(e, [&] { *index = builder_of(b).state(*info); });
    };
    table.output =
        +[](wick_builder* b, std::uint32_t value, wick_str name, wick_error* e) noexcept {
          return sdk::guard(e, [&] { builder_of(b).output(value, to_view(name)); });
        };
    return table;
  }();
  return api;
}

}  // namespace wick

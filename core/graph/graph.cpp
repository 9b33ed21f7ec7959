// See graph.h.
#include "graph/graph.h"

#include <wick/sdk/guard.h>

#include <algorithm>

namespace wick {
namespace {

using sdk::to_str;
using sdk::to_view;

void counts(const wick_graph* graph, std::uint32_t* n_values, std::uint32_t* n_nodes,
            std::uint32_t* n_states) noexcept {
  const Graph& g = from_abi(graph);
  *n_values = static_cast<std::uint32_t>(g.values.size());
  *n_nodes = static_cast<std::uint32_t>(g.nodes.size());
  *n_states = static_cast<std::uint32_t>(g.states.size());
}

wick_code value(const wick_graph* graph, std::uint32_t index, wick_value_info* info) noexcept {
  const Graph& g = from_abi(graph);
  if (index >= g.values.size() || !WICK_HAS(info, dims)) return WICK_BAD_ARGUMENT;
  const Value& v = g.values[index];
  info->kind = v.kind;
  info->name = to_str(v.name);
  info->n_dims = static_cast<std::uint32_t>(v.dims.size());
  info->is_output = v.is_output ? 1 : 0;
  std::fill(std::begin(info->dims), std::end(info->dims), 1);
  std::copy(v.dims.begin(), v.dims.end(), info->dims);
  return WICK_OK;
}

wick_code node(const wick_graph* graph, std::uint32_t index, wick_node_info* info) noexcept {
  const Graph& g = from_abi(graph);
  if (index >= g.nodes.size() || !WICK_HAS(info, state)) return WICK_BAD_ARGUMENT;
  const Node& n = g.nodes[index];
  info->output = n.output;
  info->op = to_str(n.op);
  info->n_inputs = static_cast<std::uint32_t>(n.inputs.size());
  info->layer = n.layer;
  info->inputs = n.inputs.data();
  info->state = n.state;
  return WICK_OK;
}

wick_code state(const wick_graph* graph, std::uint32_t index, wick_state_info* info) noexcept {
  const Graph& g = from_abi(graph);
  if (index >= g.states.size() || !WICK_HAS(info, c)) return WICK_BAD_ARGUMENT;
  const StateDecl& s = g.states[index];
  info->layer = s.layer;
  info->kind = to_str(s.kind);
  info->a = s.a;
  info->b = s.b;
  info->c = s.c;
  return WICK_OK;
}

template <class Number>
wick_code attribute(const wick_graph* graph, std::uint32_t index, wick_str name,
                    Number* out) noexcept {
  const Graph& g = from_abi(graph);
  if (index >= g.nodes.size()) return WICK_BAD_ARGUMENT;
  const AttributeMap& attributes = g.nodes[index].attributes;
  const auto found = attributes.find(to_view(name));
  if (found == attributes.end()) return WICK_NOT_FOUND;
  const Number* number = std::get_if<Number>(&found->second);
  if (!number) return WICK_BAD_ARGUMENT;
  *out = *number;
  return WICK_OK;
}

}  // namespace

const wick_graph* to_abi(const Graph& graph) noexcept {
  return reinterpret_cast<const wick_graph*>(&graph);
}
const Graph& from_abi(const wick_graph* graph) noexcept {
  return *reinterpret_cast<const Graph*>(graph);
}

const wick_graph_api& graph_api() noexcept {
  static const wick_graph_api api = [] {
    auto table = sdk::make<wick_graph_api>();
    table.counts = &counts;
    table.value = &value;
    table.node = &node;
    table.state = &state;
    table.attribute_i64 = &attribute<std::int64_t>;
    table.attribute_f64 = &attribute<double>;
    return table;
  }();
  return api;
}

}  // namespace wick

// A graph in memory with the table to read it by: what a host passes to a backend, for a few ops.
// Checks no shapes: the kit's own cases are right by construction.
#pragma once

#include <wick/abi/graph.h>
#include <wick/sdk/guard.h>

#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <vector>

namespace wick::conformance {

using Integers = std::vector<std::pair<std::string, std::int64_t>>;
using Reals = std::vector<std::pair<std::string, double>>;

struct NodeSpec {
  std::string op;
  std::vector<std::uint32_t> inputs;
  std::int64_t width = 0;  ///< of the output
  Integers integers = {};
  Reals reals = {};
  std::uint32_t state = WICK_NONE;
};

class TestGraph {
 public:
  /// An activation that the caller binds: [n_tokens, width].
  std::uint32_t input(const std::string& name, std::int64_t width) {
    return add_value(WICK_VALUE_INPUT, name, {WICK_DIM_TOKENS, width});
  }
  std::uint32_t weight(const std::string& name, std::vector<std::int64_t> dims) {
    return add_value(WICK_VALUE_WEIGHT, name, std::move(dims));
  }
  std::uint32_t state(const std::string& kind, std::uint64_t a, std::uint64_t b, std::uint64_t c) {
    states_.push_back({kind, static_cast<std::int32_t>(states_.size()), a, b, c});
    return static_cast<std::uint32_t>(states_.size() - 1);
  }
  std::uint32_t node(const NodeSpec& spec) {
    const std::int64_t rows = spec.op == "select_rows@1" ? WICK_DIM_OUTPUTS : rows_of(spec.inputs);
    const std::uint32_t output = add_value(WICK_VALUE_ACTIVATION, "", {rows, spec.width});
    nodes_.push_back({spec, output});
    return output;
  }
  /// A node that makes a value of another's, or none: for graphs that break the contract.
  void node_of(const NodeSpec& spec, std::uint32_t output) { nodes_.push_back({spec, output}); }
  void output(std::uint32_t value, const std::string& name) {
    values_[value].name = name;
    values_[value].is_output = true;
  }

  /// Valid until the graph changes or ends.
  const wick_graph* handle() const { return reinterpret_cast<const wick_graph*>(this); }

 private:
  struct ValueEntry {
    std::uint32_t kind;
    std::string name;
    std::vector<std::int64_t> dims;
    bool is_output;
  };
  struct NodeEntry {
    NodeSpec spec;
    std::uint32_t output;
  };
  struct StateEntry {
    std::string kind;
    std::int32_t layer;
    std::uint64_t a, b, c;
  };
  friend const wick_graph_api* graph_api();

  static const TestGraph& of(const wick_graph* graph) {
    return *reinterpret_cast<const TestGraph*>(graph);
  }
  std::uint32_t add_value(std::uint32_t kind, const std::string& name,
                          std::vector<std::int64_t> dims) {
    values_.push_back({kind, name, std::move(dims), false});
    return static_cast<std::uint32_t>(values_.size() - 1);
  }
  std::int64_t rows_of(const std::vector<std::uint32_t>& inputs) const {
    for (std::uint32_t i : inputs)
      if (i != WICK_NONE && values_[i].kind != WICK_VALUE_WEIGHT) return values_[i].dims[0];
    return WICK_DIM_TOKENS;
  }

  static void counts(const wick_graph* graph, std::uint32_t* n_values, std::uint32_t* n_nodes,
                     std::uint32_t* n_states) noexcept {
    *n_values = static_cast<std::uint32_t>(of(graph).values_.size());
    *n_nodes = static_cast<std::uint32_t>(of(graph).nodes_.size());
    *n_states = static_cast<std::uint32_t>(of(graph).states_.size());
  }
  static wick_code value(const wick_graph* graph, std::uint32_t i, wick_value_info* info) noexcept {
    if (i >= of(graph).values_.size()) return WICK_BAD_ARGUMENT;
    const ValueEntry& entry = of(graph).values_[i];
    info->kind = entry.kind;
    info->name = sdk::to_str(entry.name);
    info->n_dims = static_cast<std::uint32_t>(entry.dims.size());
    info->is_output = entry.is_output ? 1 : 0;
    for (std::size_t d = 0; d < entry.dims.size(); ++d) info->dims[d] = entry.dims[d];
    return WICK_OK;
  }
  static wick_code node_info(const wick_graph* graph, std::uint32_t i,
                             wick_node_info* info) noexcept {
    if (i >= of(graph).nodes_.size()) return WICK_BAD_ARGUMENT;
    const NodeEntry& entry = of(graph).nodes_[i];
    info->output = entry.output;
    info->op = sdk::to_str(entry.spec.op);
    info->n_inputs = static_cast<std::uint32_t>(entry.spec.inputs.size());
    info->layer = entry.spec.state == WICK_NONE ? -1 : static_cast<std::int32_t>(entry.spec.state);
    info->inputs = entry.spec.inputs.data();
    info->state = entry.spec.state;
    return WICK_OK;
  }
  static wick_code state_info(const wick_graph* graph, std::uint32_t i,
                              wick_state_info* info) noexcept {
    if (i >= of(graph).states_.size()) return WICK_BAD_ARGUMENT;
    const StateEntry& entry = of(graph).states_[i];
    info->layer = entry.layer;
    info->kind = sdk::to_str(entry.kind);
    info->a = entry.a;
    info->b = entry.b;
    info->c = entry.c;
    return WICK_OK;
  }
  template <class List, class Number>
  static wick_code look_up(const List& list, wick_str name, Number* value) noexcept {
    for (const auto& entry : list)
      if (entry.first == sdk::to_view(name)) return *value = entry.second, WICK_OK;
    return WICK_NOT_FOUND;
  }
  static wick_code attribute_i64(const wick_graph* graph, std::uint32_t node, wick_str name,
                                 std::int64_t* value) noexcept {
    if (node >= of(graph).nodes_.size()) return WICK_BAD_ARGUMENT;
    return look_up(of(graph).nodes_[node].spec.integers, name, value);
  }
  static wick_code attribute_f64(const wick_graph* graph, std::uint32_t node, wick_str name,
                                 double* value) noexcept {
    if (node >= of(graph).nodes_.size()) return WICK_BAD_ARGUMENT;
    return look_up(of(graph).nodes_[node].spec.reals, name, value);
  }

  std::deque<ValueEntry> values_;
  std::deque<NodeEntry> nodes_;
  std::deque<StateEntry> states_;
};

/// Reads TestGraphs, and nothing else.
inline const wick_graph_api* graph_api() {
  static const wick_graph_api api = [] {
    auto a = sdk::make<wick_graph_api>();
    a.counts = &TestGraph::counts;
    a.value = &TestGraph::value;
    a.node = &TestGraph::node_info;
    a.state = &TestGraph::state_info;
    a.attribute_i64 = &TestGraph::attribute_i64;
    a.attribute_f64 = &TestGraph::attribute_f64;
    return a;
  }();
  return &api;
}

}  // namespace wick::conformance

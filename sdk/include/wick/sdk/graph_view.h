// A graph of the contract read into C++: for backends, which walk it when they compile, estimate or
// make state.
#pragma once

#include <wick/abi/graph.h>
#include <wick/sdk/guard.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace wick {
inline namespace v1 {
namespace sdk {

struct GraphValue {
  std::uint32_t kind = WICK_VALUE_ACTIVATION;
  std::string name;
  std::vector<std::int64_t> dims;  ///< outermost first; dims[0] of an activation is WICK_DIM_*
  bool is_output = false;

  std::uint64_t width() const noexcept {
    return dims.empty() ? 0 : static_cast<std::uint64_t>(dims.back());
  }
  bool rows_are_outputs() const noexcept { return !dims.empty() && dims[0] == WICK_DIM_OUTPUTS; }
};

struct GraphNode {
  std::string op;  ///< "matmul@1"
  std::vector<std::uint32_t> inputs;
  std::uint32_t output = WICK_NONE;
  std::uint32_t state = WICK_NONE;
  std::int32_t layer = -1;
  std::uint32_t index = 0;
};

struct GraphState {
  std::string kind;  ///< "kv" or "conv"
  std::int32_t layer = -1;
  std::uint64_t a = 0, b = 0, c = 0;  ///< see wick_state_info
};

class GraphView {
 public:
  GraphView(const wick_graph_api* api, const wick_graph* graph) : api_(api), graph_(graph) {
    std::uint32_t n_values = 0, n_nodes = 0, n_states = 0;
    api->counts(graph, &n_values, &n_nodes, &n_states);
    for (std::uint32_t i = 0; i < n_values; ++i) values_.push_back(read_value(i));
    for (std::uint32_t i = 0; i < n_nodes; ++i) nodes_.push_back(read_node(i));
    for (std::uint32_t i = 0; i < n_states; ++i) states_.push_back(read_state(i));
  }

  const std::vector<GraphValue>& values() const noexcept { return values_; }
  const std::vector<GraphNode>& nodes() const noexcept { return nodes_; }
  const std::vector<GraphState>& states() const noexcept { return states_; }

  /// Attributes; absent ones take the fallback.
  std::int64_t integer(const GraphNode& node, std::string_view name,
                       std::int64_t fallback) const noexcept {
    std::int64_t value = fallback;
    return api_->attribute_i64(graph_, node.index, to_str(name), &value) == WICK_OK ? value
                                                                                    : fallback;
  }
  double real(const GraphNode& node, std::string_view name, double fallback) const noexcept {
    double value = fallback;
    return api_->attribute_f64(graph_, node.index, to_str(name), &value) == WICK_OK ? value
                                                                                    : fallback;
  }

 private:
  void need(wick_code code, const char* what, std::uint32_t index) const {
    if (code != WICK_OK) fail(ErrorCode::kInternal, "graph: ", what, " ", index, " cannot be read");
  }
  GraphValue read_value(std::uint32_t i) const {
    auto info = make<wick_value_info>();
    need(api_->value(graph_, i, &info), "value", i);
    GraphValue value;
    value.kind = info.kind;
    value.name = std::string(to_view(info.name));
    value.dims.assign(info.dims, info.dims + (info.n_dims < 4 ? info.n_dims : 4));
    value.is_output = info.is_output != 0;
    return value;
  }
  GraphNode read_node(std::uint32_t i) const {
    auto info = make<wick_node_info>();
    need(api_->node(graph_, i, &info), "node", i);
    GraphNode node;
    node.op = std::string(to_view(info.op));
    node.inputs.assign(info.inputs, info.inputs + info.n_inputs);
    node.output = info.output;
    node.state = info.state;
    node.layer = info.layer;
    node.index = i;
    return node;
  }
  GraphState read_state(std::uint32_t i) const {
    auto info = make<wick_state_info>();
    need(api_->state(graph_, i, &info), "state", i);
    return {std::string(to_view(info.kind)), info.layer, info.a, info.b, info.c};
  }

  const wick_graph_api* api_;
  const wick_graph* graph_;
  std::vector<GraphValue> values_;
  std::vector<GraphNode> nodes_;
  std::vector<GraphState> states_;
};

}  // namespace sdk
}  // namespace v1
}  // namespace wick

// The graph of a model, as its architecture wrote it and as backends read it. Made by builder.h;
// never executed here.
#pragma once

#include <wick/abi/graph.h>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace wick {

struct Value {
  std::uint32_t kind = WICK_VALUE_ACTIVATION;
  std::string name;                ///< of weights, inputs and outputs
  std::vector<std::int64_t> dims;  ///< outermost first; WICK_DIM_* in dims[0] of activations
  bool is_output = false;
};

using Attribute = std::variant<std::int64_t, double>;
using AttributeMap = std::map<std::string, Attribute, std::less<>>;

struct Node {
  std::string op;                     ///< "matmul@1"
  std::vector<std::uint32_t> inputs;  ///< WICK_NONE where an optional input is absent
  std::uint32_t output = WICK_NONE;
  std::uint32_t state = WICK_NONE;
  std::int32_t layer = -1;
  AttributeMap attributes;
};

/// See wick_state_info.
struct StateDecl {
  std::string kind;
  std::int32_t layer = -1;
  std::uint64_t a = 0, b = 0, c = 0;
};

/// Nodes in an order that can be executed.
struct Graph {
  std::vector<Value> values;
  std::vector<Node> nodes;
  std::vector<StateDecl> states;
};

/// A graph as the contract's opaque type, and back; the same object.
const wick_graph* to_abi(const Graph& graph) noexcept;
const Graph& from_abi(const wick_graph* graph) noexcept;

/// The functions by which backends read it.
const wick_graph_api& graph_api() noexcept;

}  // namespace wick

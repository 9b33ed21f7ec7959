// Only nodes that stand in the order of their work are joined: a graph that reads a value before it
// is made keeps its error.
#include "fuse.h"

namespace wick::cpu {

ValueUses::ValueUses(const sdk::GraphView& graph)
    : graph_(graph), makers_(graph.values().size()), readers_(graph.values().size()) {
  std::vector<bool> is_made(graph.values().size(), false);
  for (const sdk::GraphNode& node : graph.nodes()) {
    makers_[node.output] = is_made[node.output] ? nullptr : &node;
    is_made[node.output] = true;
    for (const std::uint32_t input : node.inputs)
      if (input != WICK_NONE) readers_[input].push_back(&node);
  }
}

bool ValueUses::is_activation(std::uint32_t value) const noexcept {
  return value != WICK_NONE && graph_.values()[value].kind != WICK_VALUE_WEIGHT;
}

bool ValueUses::is_output(std::uint32_t value) const noexcept {
  return graph_.values()[value].is_output;
}

const sdk::GraphNode* ValueUses::gated_factor(const sdk::GraphNode& swiglu,
                                              std::size_t i) const noexcept {
  const std::uint32_t value = swiglu.inputs[i];
  if (value == WICK_NONE || is_output(value) || readers_[value].size() != 1) return nullptr;
  const sdk::GraphNode* product = makers_[value];
  return product && product->op == "matmul@1" && product->index < swiglu.index ? product : nullptr;
}

bool ValueUses::is_gated_product(const sdk::GraphNode& swiglu) const noexcept {
  return swiglu.op == "swiglu@1" && swiglu.inputs.size() == 2 && gated_factor(swiglu, 0) &&
         gated_factor(swiglu, 1);
}

const sdk::GraphNode* ValueUses::norm_of_sum(const sdk::GraphNode& add) const noexcept {
  // A vector that is added to every row is no residual; and it is a weight.
  if (add.op != "add@1" || add.inputs.size() != 2 || makers_[add.output] != &add ||
      !is_activation(add.inputs[0]) || !is_activation(add.inputs[1]))
    return nullptr;
  for (const sdk::GraphNode* reader : readers_[add.output])
    if (reader->op == "rms_norm@1" && reader->inputs[0] == add.output &&
        reader->index > add.index && makers_[reader->output] == reader)
      return reader;
  return nullptr;
}

bool ValueUses::is_part(const sdk::GraphNode& node) const noexcept {
  if (node.op == "matmul@1") {
    const auto& readers = readers_[node.output];
    return makers_[node.output] == &node && readers.size() == 1 &&
           is_gated_product(*readers.front());
  }
  if (node.op != "rms_norm@1" || node.inputs.empty() || node.inputs[0] == WICK_NONE) return false;
  const sdk::GraphNode* sum = makers_[node.inputs[0]];
  return sum && norm_of_sum(*sum) == &node;
}

}  // namespace wick::cpu

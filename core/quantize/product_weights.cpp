// See product_weights.h. What a weight is for is read from the graph, not guessed from its name.
#include "quantize/product_weights.h"

#include <map>

#include "graph/op_list.h"

namespace wick {
namespace {

/// The op that chooses experts; its first input is their scores.
constexpr std::string_view kChooses = "route@1";

}  // namespace

std::set<std::string> product_weights(const Graph& graph) {
  std::map<std::uint32_t, std::uint32_t> uses;  // of weights
  std::map<std::uint32_t, const Node*> makers;  // of activations
  std::set<std::uint32_t> choosing;
  const auto is_weight = [&](std::uint32_t value) {
    return value != WICK_NONE && graph.values[value].kind == WICK_VALUE_WEIGHT;
  };
  for (const Node& node : graph.nodes) {
    const OpRow& op = *find_op(node.op);  // the builder took no other
    for (std::size_t i = 0; i < node.inputs.size(); ++i)
      if (is_weight(node.inputs[i])) uses[node.inputs[i]] |= op.use_of(i);
    makers[node.output] = &node;
    if (node.op != kChooses) continue;
    const auto scores = makers.find(node.inputs.front());
    if (scores == makers.end()) continue;
    for (const std::uint32_t input : scores->second->inputs)
      if (is_weight(input)) choosing.insert(input);
  }
  std::set<std::string> names;
  for (const auto& [value, use] : uses)
    if ((use & WICK_USE_VECTOR) == 0 && choosing.count(value) == 0)
      names.insert(graph.values[value].name);
  return names;
}

}  // namespace wick

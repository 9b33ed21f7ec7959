// Walks back from the logits.
#include "graph/hidden_value.h"

#include <wick/error.h>

#include "graph/op_list.h"

namespace wick {
namespace {

[[noreturn]] void refuse() {
  fail(
      ErrorCode::kUnavailable,
      "embeddings: this architecture's graph does not end in one product, need logits that are one "
      "hidden state times one matrix");
}

const Node& producer(const Graph& graph, std::uint32_t value) {
  for (const Node& node : graph.nodes)
    if (node.output == value) return node;
  refuse();
}

std::uint32_t logits_of(const Graph& graph) {
  for (std::uint32_t i = 0; i < graph.values.size(); ++i)
    if (graph.values[i].is_output && graph.values[i].name == "logits") return i;
  fail(ErrorCode::kInternal, "graph: no value is named logits");
}

/// The one input that is no weight.
std::uint32_t activation_input(const Graph& graph, const Node& node) {
  std::uint32_t found = WICK_NONE;
  for (const std::uint32_t input : node.inputs) {
    if (input == WICK_NONE || graph.values[input].kind != WICK_VALUE_ACTIVATION) continue;
    if (found != WICK_NONE && found != input) refuse();
    found = input;
  }
  if (found == WICK_NONE) refuse();
  return found;
}

}  // namespace

std::uint32_t hidden_value(const Graph& graph) {
  // Every step is to an earlier node: the builder takes values only once they are made.
  for (std::uint32_t value = logits_of(graph);;) {
    const Node& node = producer(graph, value);
    value = activation_input(graph, node);
    if (find_op(node.op)->matrix.use == WICK_USE_MATMUL) return value;
  }
}

}  // namespace wick

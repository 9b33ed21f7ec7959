// Which value of a graph is what the model knows of a token before it names the next: the input of
// the last product. Not the logits.
#pragma once

#include <cstdint>

#include "graph/graph.h"

namespace wick {

/// The activation [rows, model_dim] that the product behind the logits multiplies; what stands
/// between that product and the logits (a bias, a scale, a cap) is passed over. Errors:
/// kUnavailable where the way back is not a single one.
std::uint32_t hidden_value(const Graph& graph);

}  // namespace wick

// Which weights of a model are the matrices of its products: those that a type is chosen for.
#pragma once

#include <set>
#include <string>

#include "graph/graph.h"

namespace wick {

/// By name. Not among them: vectors (norms, biases, kernels of convolutions, which backends get as
/// f32), and the small matrix whose product chooses experts, where rounding would choose others.
std::set<std::string> product_weights(const Graph& graph);

}  // namespace wick

// Makes what goes into the matrices of a graph visible from outside, on any backend. Not for
// evaluating it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "graph/graph.h"

namespace wick {

/// A product of a weight matrix whose input can be read after each batch.
struct ObservedProduct {
  std::string weight;
  std::uint32_t input = WICK_NONE;   ///< value of the graph: f32 [rows, n_cols], or a part a slot
  std::uint32_t routes = WICK_NONE;  ///< of a product of experts: value of route@1
  std::uint64_t n_cols = 0;          ///< of the weight
  std::uint64_t n_experts = 1;
  std::uint64_t n_used = 1;  ///< experts of a row: routes is [rows, 2 * n_used]

  bool has_experts() const noexcept { return routes != WICK_NONE; }
};

/// Every product of the graph. Their inputs and routes become outputs of it: a backend writes each
/// of them out, whatever it would join otherwise.
std::vector<ObservedProduct> observe_products(Graph& graph);

}  // namespace wick

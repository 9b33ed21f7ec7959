// Which part of a model each node of its graph is: in front of the layers, one of them, or behind
// them. Devices get whole parts.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "graph/graph.h"

namespace wick {

/// Part 0 is the embedding side, 1..n_layers are the layers, the last is the output side. A graph
/// without layers is part 0 alone.
struct ModelParts {
  std::vector<std::uint32_t> of_node;  ///< of each node; no node needs one of a later part
  std::uint32_t n_layers = 0;

  std::uint32_t embedding() const noexcept { return 0; }
  std::uint32_t output() const noexcept { return n_layers + 1; }
  std::uint32_t count() const noexcept { return n_layers + 2; }
};

/// Layers count in the order in which the graph has them. What stands behind the layers and uses no
/// weight (select_rows) belongs to the last of them: so only the rows whose logits are wanted go
/// to the device of the output.
ModelParts find_parts(const Graph& graph);

/// "layers 3-5", "layer 3"; with "embedding" and "output" where they are in first..last.
std::string describe_parts(const ModelParts& parts, std::uint32_t first, std::uint32_t last);

}  // namespace wick

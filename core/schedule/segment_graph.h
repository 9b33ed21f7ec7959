// Cuts the part of a model's graph that one device runs out of the whole.
#pragma once

#include <cstdint>
#include <vector>

#include "graph/graph.h"
#include "schedule/model_parts.h"

namespace wick {

/// A graph of its own: what comes from other parts is an input, what others or the caller need is
/// an output.
struct SegmentGraph {
  Graph graph;
  std::vector<std::uint32_t> whole_value;  ///< of each value: the one of the whole graph
};

/// `has[part]`: whether the nodes of that part are in it. Errors: kUnavailable where they share a
/// state with a part that is not.
SegmentGraph cut_graph(const Graph& whole, const ModelParts& parts, const std::vector<bool>& has);

/// The parts first..last.
std::vector<bool> part_range(const ModelParts& parts, std::uint32_t first, std::uint32_t last);

}  // namespace wick

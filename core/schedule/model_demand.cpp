// See model_demand.h.
#include "schedule/model_demand.h"

#include <wick/sdk/guard.h>

#include "graph/op_list.h"

namespace wick {
namespace {

/// WICK_USE_* of every value.
std::vector<std::uint32_t> uses_of(const Graph& graph) {
  std::vector<std::uint32_t> uses(graph.values.size(), 0);
  for (const Node& node : graph.nodes) {
    const OpRow& op = *find_op(node.op);  // the builder took no other
    for (std::size_t i = 0; i < node.inputs.size(); ++i)
      if (node.inputs[i] != WICK_NONE) uses[node.inputs[i]] |= op.use_of(i);
  }
  return uses;
}

}  // namespace

std::vector<wick_weight_use> weights_of(const SegmentGraph& segment, const ModelDemand& demand,
                                        std::vector<wick_weight_desc>& descs) {
  const std::vector<std::uint32_t> uses = uses_of(segment.graph);
  descs.clear();
  descs.reserve(segment.graph.values.size());  // they are pointed to
  std::vector<wick_weight_use> weights;
  for (std::uint32_t i = 0; i < segment.graph.values.size(); ++i) {
    if (segment.graph.values[i].kind != WICK_VALUE_WEIGHT) continue;
    descs.push_back(demand.weights.at(segment.whole_value[i]));
    // A vector is one everywhere: it was described as such.
    descs.back().use = uses[i] | (descs.back().use & WICK_USE_VECTOR);
    weights.push_back({i, 0, &descs.back()});
  }
  return weights;
}

SegmentDemand::SegmentDemand(const ModelDemand& demand, const std::vector<bool>& has)
    : segment_(cut_graph(*demand.graph, demand.parts, has)),
      uses_(weights_of(segment_, demand, descs_)),
      request_(sdk::make<wick_segment_request>()) {
  request_.flags = demand.flags;
  request_.graph = to_abi(segment_.graph);
  request_.weights = uses_.data();
  request_.n_weights = static_cast<std::uint32_t>(uses_.size());
  request_.max_tokens = demand.max_tokens;
  request_.max_outputs = demand.max_outputs;
  request_.n_blocks = demand.n_blocks;
}

}  // namespace wick

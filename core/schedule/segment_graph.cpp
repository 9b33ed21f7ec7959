// See segment_graph.h.
#include "schedule/segment_graph.h"

#include <wick/error.h>

namespace wick {
namespace {

class Cutter {
 public:
  Cutter(const Graph& whole, const ModelParts& parts, const std::vector<bool>& has)
      : whole_(whole),
        is_needed_elsewhere_(whole.values.size(), false),
        value_(whole.values.size(), WICK_NONE),
        state_(whole.states.size(), WICK_NONE) {
    for (std::size_t i = 0; i < whole.nodes.size(); ++i) is_in_.push_back(has[parts.of_node[i]]);
  }

  SegmentGraph cut() {
    note_others();
    for (std::size_t i = 0; i < whole_.nodes.size(); ++i)
      if (is_in_[i]) add(whole_.nodes[i]);
    return std::move(made_);
  }

 private:
  /// What the nodes that stay outside read, and that they keep no state of ours.
  void note_others() {
    std::vector<bool> is_ours(whole_.states.size(), false);
    for (std::size_t i = 0; i < whole_.nodes.size(); ++i)
      if (is_in_[i] && whole_.nodes[i].state != WICK_NONE) is_ours[whole_.nodes[i].state] = true;
    for (std::size_t i = 0; i < whole_.nodes.size(); ++i) {
      if (is_in_[i]) continue;
      const Node& node = whole_.nodes[i];
      for (const std::uint32_t input : node.inputs)
        if (input != WICK_NONE) is_needed_elsewhere_[input] = true;
      if (node.state != WICK_NONE && is_ours[node.state])
        fail(ErrorCode::kUnavailable, "plan: layer ", node.layer,
             " shares its state with layers of another device; give both to one");
    }
  }

  std::uint32_t add_value(std::uint32_t from, std::uint32_t kind) {
    Value value = whole_.values[from];
    value.kind = kind;
    if (kind == WICK_VALUE_ACTIVATION && is_needed_elsewhere_[from]) value.is_output = true;
    if (kind == WICK_VALUE_INPUT) value.is_output = false;
    const bool crosses = kind == WICK_VALUE_INPUT || value.is_output;
    if (crosses && value.name.empty()) value.name = "value." + std::to_string(from);
    value_[from] = static_cast<std::uint32_t>(made_.graph.values.size());
    made_.graph.values.push_back(std::move(value));
    made_.whole_value.push_back(from);
    return value_[from];
  }
  std::uint32_t input(std::uint32_t from) {
    if (from == WICK_NONE || value_[from] != WICK_NONE)
      return from == WICK_NONE ? from : value_[from];
    const bool is_weight = whole_.values[from].kind == WICK_VALUE_WEIGHT;
    return add_value(from, is_weight ? WICK_VALUE_WEIGHT : WICK_VALUE_INPUT);
  }
  std::uint32_t state(std::uint32_t from) {
    if (from == WICK_NONE || state_[from] != WICK_NONE)
      return from == WICK_NONE ? from : state_[from];
    state_[from] = static_cast<std::uint32_t>(made_.graph.states.size());
    made_.graph.states.push_back(whole_.states[from]);
    return state_[from];
  }
  void add(const Node& from) {
    Node node = from;
    for (std::uint32_t& value : node.inputs) value = input(value);
    node.output = add_value(from.output, WICK_VALUE_ACTIVATION);
    node.state = state(from.state);
    made_.graph.nodes.push_back(std::move(node));
  }

  const Graph& whole_;
  std::vector<bool> is_in_;                   // of each node
  std::vector<bool> is_needed_elsewhere_;     // of each value
  std::vector<std::uint32_t> value_, state_;  // of the whole, in what is made
  SegmentGraph made_;
};

}  // namespace

SegmentGraph cut_graph(const Graph& whole, const ModelParts& parts, const std::vector<bool>& has) {
  return Cutter(whole, parts, has).cut();
}

std::vector<bool> part_range(const ModelParts& parts, std::uint32_t first, std::uint32_t last) {
  std::vector<bool> has(parts.count(), false);
  for (std::uint32_t part = first; part <= last; ++part) has[part] = true;
  return has;
}

}  // namespace wick

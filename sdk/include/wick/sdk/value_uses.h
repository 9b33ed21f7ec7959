// Who makes and who reads each value of a graph, and the patterns of nodes that backends like to
// run as one step. Not for what a device can do: whether to fuse is the backend's decision.
#pragma once

#include <wick/sdk/graph_view.h>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace wick {
inline namespace v1 {
namespace sdk {

/// Every value that a node names exists (SegmentValues sees to that). `graph` outlives it.
class ValueUses {
 public:
  explicit ValueUses(const GraphView& graph)
      : graph_(graph), makers_(graph.values().size()), readers_(graph.values().size()) {
    std::vector<bool> is_made(graph.values().size(), false);
    for (const GraphNode& node : graph_.nodes()) {
      makers_[node.output] = is_made[node.output] ? nullptr : &node;
      is_made[node.output] = true;
      for (const std::uint32_t input : node.inputs)
        if (input != WICK_NONE) readers_[input].push_back(&node);
    }
  }

  /// Null where no node makes the value or several do, and for WICK_NONE.
  const GraphNode* maker(std::uint32_t value) const {
    return value < makers_.size() ? makers_[value] : nullptr;
  }
  /// A node that reads it twice is there twice.
  const std::vector<const GraphNode*>& readers(std::uint32_t value) const {
    return readers_[value];
  }
  /// Whether the caller sees it: an input, an output, a weight.
  bool is_external(std::uint32_t value) const {
    return graph_.values()[value].is_output || graph_.values()[value].kind != WICK_VALUE_ACTIVATION;
  }
  /// The node that reads it, once, and nobody else: the value may stay inside a step. Null: none.
  const GraphNode* only_reader(std::uint32_t value) const {
    return !is_external(value) && readers_[value].size() == 1 ? readers_[value].front() : nullptr;
  }
  /// Whether nodes read the value, the caller does not see it, and `test` holds for each of them.
  template <class Test>
  bool is_read_only_by(std::uint32_t value, Test test) const {
    const std::vector<const GraphNode*>& readers = readers_[value];
    return !is_external(value) && !readers.empty() &&
           std::all_of(readers.begin(), readers.end(),
                       [&](const GraphNode* reader) { return test(*reader); });
  }

  /// The matmul@1 that can be part of an add@1: the later one, since what it needs lives until then
  /// and the other operand is there already. Null: none.
  const GraphNode* product_in(const GraphNode& add) const {
    if (add.op != "add@1" || add.inputs.size() < 2) return nullptr;
    for (const std::size_t i : {std::size_t{0}, std::size_t{1}})
      if (add.inputs[i] == WICK_NONE || graph_.values()[add.inputs[i]].kind == WICK_VALUE_WEIGHT)
        return nullptr;
    for (const std::size_t i : {std::size_t{1}, std::size_t{0}}) {
      const GraphNode* made = maker(add.inputs[i]);
      if (made && made->op == "matmul@1" && only_reader(add.inputs[i]) == &add &&
          made->index < add.index)
        return made;
    }
    return nullptr;
  }

  /// The two matmul@1 of one input whose outputs a swiglu@1 alone reads. `gate` makes its input 0.
  struct Gate {
    const GraphNode *gate = nullptr, *up = nullptr;
  };
  /// Nulls: a node is no such swiglu@1.
  Gate gate_of(const GraphNode& swiglu) const {
    if (swiglu.op != "swiglu@1" || swiglu.inputs.size() != 2) return {};
    const GraphNode* products[2];
    for (std::size_t i = 0; i < 2; ++i) {
      products[i] = maker(swiglu.inputs[i]);
      if (!products[i] || products[i]->op != "matmul@1" || products[i]->inputs.empty() ||
          products[i]->index > swiglu.index || only_reader(swiglu.inputs[i]) != &swiglu)
        return {};
    }
    if (products[0]->inputs[0] != products[1]->inputs[0]) return {};
    return {products[0], products[1]};
  }

  /// The rope@1 that an attention@1 can compute for its input 0 or 1: both have one, and one table
  /// and one layout serve both. Null: none.
  const GraphNode* rope_before(const GraphNode& attention, std::size_t input) const {
    if (attention.op != "attention@1" || attention.inputs.size() != 3) return nullptr;
    const GraphNode *q = rope_of(attention, 0), *k = rope_of(attention, 1);
    if (!q || !k) return nullptr;
    bool same = std::vector<std::uint32_t>(q->inputs.begin() + 1, q->inputs.end()) ==
                std::vector<std::uint32_t>(k->inputs.begin() + 1, k->inputs.end());
    same = same && graph_.integer(*q, "head_dim", 0) == graph_.integer(attention, "head_dim", -1);
    for (const char* name : {"head_dim", "n_rotary", "layout", "original_context"})
      same = same && graph_.integer(*q, name, -1) == graph_.integer(*k, name, -1);
    for (const char* name :
         {"base", "scale", "ext_factor", "attn_factor", "beta_fast", "beta_slow"})
      same = same && graph_.real(*q, name, -1) == graph_.real(*k, name, -1);
    return same ? (input == 0 ? q : k) : nullptr;
  }

 private:
  const GraphNode* rope_of(const GraphNode& attention, std::size_t input) const {
    const std::uint32_t value = attention.inputs[input];
    const GraphNode* made = maker(value);
    const bool is_its_own = made && made->op == "rope@1" && !made->inputs.empty() &&
                            made->index < attention.index && only_reader(value) == &attention;
    return is_its_own ? made : nullptr;
  }

  const GraphView& graph_;
  std::vector<const GraphNode*> makers_;
  std::vector<std::vector<const GraphNode*>> readers_;
};

}  // namespace sdk
}  // namespace v1
}  // namespace wick

// Which nodes of a graph become one step, because what one makes is read by the other and need not
// pass through memory. Not for the steps themselves (ops/).
#pragma once

#include <wick/sdk/graph_view.h>

#include <cstdint>
#include <vector>

namespace wick::cpu {

/// Who makes and who reads each value of a graph.
class ValueUses {
 public:
  /// Every value that a node names exists.
  explicit ValueUses(const sdk::GraphView& graph);

  /// Null where no node makes it, or several claim to.
  const sdk::GraphNode* maker(std::uint32_t value) const noexcept { return makers_[value]; }
  /// In order; one that reads it twice is here twice.
  const std::vector<const sdk::GraphNode*>& readers(std::uint32_t value) const noexcept {
    return readers_[value];
  }
  bool is_activation(std::uint32_t value) const noexcept;
  /// The caller sees it.
  bool is_output(std::uint32_t value) const noexcept;

  /// Whether both inputs of a swiglu@1 are products that nobody else reads.
  bool is_gated_product(const sdk::GraphNode& swiglu) const noexcept;
  /// The rms_norm@1 that is computed with a sum, row by row; null where there is none.
  const sdk::GraphNode* norm_of_sum(const sdk::GraphNode& add) const noexcept;
  /// Whether a node has no steps of its own: it is a part of a gated product or the norm of a sum.
  bool is_part(const sdk::GraphNode& node) const noexcept;

 private:
  const sdk::GraphNode* gated_factor(const sdk::GraphNode& swiglu, std::size_t i) const noexcept;

  const sdk::GraphView& graph_;
  std::vector<const sdk::GraphNode*> makers_;
  std::vector<std::vector<const sdk::GraphNode*>> readers_;
};

}  // namespace wick::cpu

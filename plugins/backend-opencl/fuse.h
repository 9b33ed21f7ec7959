// Which nodes of a graph become one step, and which products run on rounded inputs. Not for the
// steps themselves (ops/).
#pragma once

#include <wick/sdk/value_uses.h>

#include <map>
#include <vector>

#include "weight.h"

namespace wick::opencl {

/// A weight of the graph: its layout, and its memory unless this is an estimate.
struct BoundWeight {
  const Layout* layout = nullptr;
  const Weight* weight = nullptr;
};

constexpr std::uint32_t kMostVectors = 8;  ///< tokens; for more of them tiles are faster
constexpr std::size_t kMostMatrices = 3;   ///< of kernels/dots.cl

class Fusions {
 public:
  /// Every value that a node names exists. `graph` and `weights` outlive it.
  Fusions(const sdk::GraphView& graph, const std::map<std::uint32_t, BoundWeight>& weights,
          const Capabilities& can, bool precise, std::uint32_t max_tokens);

  /// A node that is part of another one's step.
  bool is_part(const sdk::GraphNode& node) const;
  /// The product that becomes part of a sum; null: none.
  const sdk::GraphNode* product_in(const sdk::GraphNode& add) const {
    return uses_.product_in(add);
  }
  /// The rms_norm@1 that a product computes for itself; null: none.
  const sdk::GraphNode* norm_before(const sdk::GraphNode& matmul) const;
  /// The slice@1 that a mul@1 computes for its input 0 or 1; null: none.
  const sdk::GraphNode* slice_before(const sdk::GraphNode& mul, std::size_t input) const;
  /// Whether a swiglu@1 computes both its products.
  bool is_gated(const sdk::GraphNode& swiglu) const;
  /// Whether an attention@1 takes keys and values of its one token itself.
  bool is_fresh() const noexcept { return is_decode_; }
  /// The rope@1 that an attention@1 computes for its input 0 or 1; null: none.
  const sdk::GraphNode* rope_before(const sdk::GraphNode& attention, std::size_t input) const {
    return is_decode_ ? uses_.rope_before(attention, input) : nullptr;
  }
  /// Products of one input and one storage class that one kernel makes, this one among them: the
  /// first has the step. Launches one behind another cost more than small products.
  std::vector<const sdk::GraphNode*> side_by_side(const sdk::GraphNode& matmul) const;
  /// Whether a product of few tokens is one of integers.
  bool has_dots(const sdk::GraphNode& matmul) const;
  const sdk::GraphNode* maker(std::uint32_t value) const { return uses_.maker(value); }

 private:
  bool is_inner_norm(const sdk::GraphNode& norm) const;
  bool stands_alone(const sdk::GraphNode& matmul) const;

  const sdk::GraphView& graph_;
  const std::map<std::uint32_t, BoundWeight>& weights_;
  sdk::ValueUses uses_;
  Capabilities can_;
  bool precise_, is_decode_;
};

}  // namespace wick::opencl

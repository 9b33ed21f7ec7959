// Which nodes of a graph become one step, and which products run on rounded inputs. Not for the
// steps themselves (ops/).
#pragma once

#include <wick/sdk/value_uses.h>

#include <cstdint>
#include <map>

#include "instance.h"
#include "weight.h"

namespace wick::vulkan {

/// A weight of the graph: its layout, and its memory unless this is an estimate.
struct BoundWeight {
  const Layout* layout = nullptr;
  const Weight* weight = nullptr;
};

constexpr std::uint32_t kMostVectors = 8;  ///< tokens; for more of them tiles are faster
constexpr std::uint32_t kFewTokens = 32;   ///< may be of as many sequences, each with its own past

constexpr std::uint64_t kNever = ~std::uint64_t{0};

class Fusions {
 public:
  /// Every value that a node names exists. `graph` and `weights` outlive it, but not its plan:
  /// steps ask while they are made, not when they are recorded.
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
  /// Whether a swiglu@1 computes both its products.
  bool is_gated(const sdk::GraphNode& swiglu) const;
  /// Whether a value is kept in 8 bits: only a product reads it.
  bool is_rounded(std::uint32_t value) const;
  /// From so many rows on a value is kept in f16, as matrices.comp takes it: only its products read
  /// it. kNever for others.
  std::uint64_t halved_from(std::uint32_t value) const;
  /// Whether a product of many tokens is one of cooperative matrices: it rounds weights and inputs
  /// to f16.
  bool has_matrices(const sdk::GraphNode& matmul) const;
  /// Whether an attention@1 of more than kFewTokens is one of cooperative matrices.
  bool has_prompt(const sdk::GraphNode& attention) const;
  /// Whether an attention@1 takes keys and values of its one token itself.
  bool is_fresh() const noexcept { return is_decode_; }
  /// The rope@1 that an attention@1 computes for its input 0 or 1; null: none.
  const sdk::GraphNode* rope_before(const sdk::GraphNode& attention, std::size_t input) const {
    return is_decode_ ? uses_.rope_before(attention, input) : nullptr;
  }
  /// Whether a product can be one of integers.
  bool has_dots(const sdk::GraphNode& matmul) const;
  const sdk::GraphNode* maker(std::uint32_t value) const { return uses_.maker(value); }

 private:
  bool is_inner_norm(const sdk::GraphNode& norm) const;
  std::uint64_t can_halve_from(const sdk::GraphNode& maker) const;

  const sdk::GraphView& graph_;
  const std::map<std::uint32_t, BoundWeight>& weights_;
  sdk::ValueUses uses_;
  Capabilities can_;
  bool precise_, is_decode_;
};

}  // namespace wick::vulkan

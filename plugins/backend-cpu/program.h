// A graph as steps over values with places in one arena: what compile() and estimate() share. Not
// for running it (plan.h).
#pragma once

#include <wick/sdk/graph_view.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "fuse.h"
#include "ops/step.h"
#include "weight.h"

namespace wick::cpu {

/// A weight of the graph: its layout, and its memory unless this is an estimate.
struct BoundWeight {
  const Layout* layout = nullptr;
  const Weight* weight = nullptr;
};

struct ProgramRequest {
  const sdk::GraphView* graph;
  std::map<std::uint32_t, BoundWeight> weights;  ///< by value
  bool precise;
  std::uint32_t max_tokens, max_outputs;
  Kernels kernels;
  KvType kv_type;
};

/// A value of the graph or one of ours (quantized activations, rope tables).
struct Value {
  std::uint64_t row_bytes = 0;
  bool rows_are_outputs = false;
  bool is_external = false;  ///< bound by the caller
  std::uint64_t offset = 0;  ///< in the arena
  Partition made_by;         ///< of the step that makes it
};

class Program {
 public:
  /// Throws for graphs that break the contract or hold an unknown op.
  explicit Program(const ProgramRequest& request);

  const std::vector<std::unique_ptr<Step>>& steps() const noexcept { return steps_; }
  const std::vector<Value>& values() const noexcept { return values_; }
  const StateLayout& states() const noexcept { return states_; }
  std::uint64_t arena_bytes() const noexcept { return arena_bytes_; }
  std::uint64_t scratch_bytes() const noexcept { return scratch_bytes_; }
  std::uint32_t vocab_size() const noexcept { return vocab_size_; }

  // For the makers of steps.
  const sdk::GraphView& graph() const noexcept { return *request_.graph; }
  const Kernels& kernels() const noexcept { return request_.kernels; }
  const ValueUses& uses() const noexcept { return *uses_; }
  bool precise() const noexcept { return request_.precise; }
  std::uint32_t max_tokens() const noexcept { return request_.max_tokens; }
  /// Of that value, at least 1.
  std::uint64_t max_rows(std::uint32_t value) const noexcept;
  /// The activation that is input `i` of a node; throws kBadShape where it is none.
  std::uint32_t activation(const sdk::GraphNode& node, std::size_t i) const;
  std::uint64_t width(std::uint32_t value) const;
  bool rows_are_outputs(std::uint32_t value) const { return values_[value].rows_are_outputs; }
  bool is_weight(std::uint32_t value) const;
  /// The weight that is input `i`, of that element kind (vector or matrix); null data in an
  /// estimate.
  BoundWeight weight(const sdk::GraphNode& node, std::size_t i, bool is_vector) const;
  /// The same, a vector that holds n values, in memory; null in an estimate.
  const float* vector(const sdk::GraphNode& node, std::size_t i, std::uint64_t n) const;
  bool has_input(const sdk::GraphNode& node, std::size_t i) const noexcept;
  void need_vocab(std::uint64_t n_rows) noexcept;
  [[noreturn]] void refuse(const sdk::GraphNode& node, const std::string& why) const;

  /// What steps touch when they read or write that state of the graph.
  std::uint32_t state_value(std::uint32_t state) const noexcept { return first_state_ + state; }
  /// How a step that works on the values of x alone is best split, its rows being n_parts side by
  /// side: as the step was that made x, else by width.
  Partition partition_for(std::uint32_t x, std::uint64_t n_parts) const;

  std::uint32_t add_value(std::uint64_t row_bytes, bool rows_are_outputs);
  /// The step has its values and its partition.
  Step& add_step(std::unique_ptr<Step> step);
  /// A value of ours that several nodes share: made on the first call with that key.
  std::uint32_t shared(const std::string& key, const std::function<std::uint32_t()>& make);

 private:
  void read_values();
  void check_node(const sdk::GraphNode& node) const;
  void check_order() const;
  void place_values();

  ProgramRequest request_;
  StateLayout states_;
  std::unique_ptr<ValueUses> uses_;
  std::vector<Value> values_;
  std::vector<std::unique_ptr<Step>> steps_;
  std::map<std::string, std::uint32_t> shared_;
  std::string op_;  // of the node whose steps are made
  std::uint64_t arena_bytes_ = 0, scratch_bytes_ = 0;
  std::uint32_t vocab_size_ = 0, first_state_ = 0;
};

}  // namespace wick::cpu

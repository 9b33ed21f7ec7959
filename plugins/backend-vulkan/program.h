// A graph as steps over values with places in one arena: what compile() and estimate() share. Not
// for running it (plan.h).
#pragma once

#include <wick/sdk/graph_view.h>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "fuse.h"
#include "pipelines.h"
#include "rope_table.h"
#include "state.h"
#include "weight.h"

namespace wick::vulkan {

class Recorder;

/// One or more dispatches that a node (or several, fused) became. Values that it reads and writes
/// decide where barriers stand.
struct Step {
  std::string op;
  std::vector<std::uint32_t> reads, writes;
  std::function<void(Recorder&)> record;
  std::string about;               ///< of its weight, for people; may be empty
  std::uint64_t weight_bytes = 0;  ///< that it reads
};

struct ProgramRequest {
  const sdk::GraphView* graph;
  std::map<std::uint32_t, BoundWeight> weights;  ///< by value
  bool precise;
  std::uint32_t max_tokens, max_outputs;
  Capabilities can;
  Pipelines* pipelines;  ///< null in an estimate
};

struct Value {
  std::uint64_t row_bytes = 0;
  bool rows_are_outputs = false;
  bool is_external = false;  ///< bound by the caller
  std::uint64_t offset = 0;  ///< in the arena
};

class Program {
 public:
  /// Throws for graphs that break the contract or hold an unknown op.
  explicit Program(const ProgramRequest& request);
  Program(const Program&) = delete;

  const std::vector<Step>& steps() const noexcept { return steps_; }
  const std::vector<Value>& values() const noexcept { return values_; }
  const StateLayout& states() const noexcept { return states_; }
  std::deque<RopeTable>& rope_tables() noexcept { return rope_tables_; }
  std::uint64_t arena_bytes() const noexcept { return arena_bytes_; }
  std::uint32_t vocab_size() const noexcept { return vocab_size_; }
  /// Whether a value is a state, of which there is one memory for all plans.
  bool is_state(std::uint32_t value) const noexcept {
    return value >= first_state_ && value - first_state_ < states_.places.size();
  }
  std::uint32_t n_counters() const noexcept { return n_counters_; }

  // For the makers of steps.
  std::uint32_t first_state() const noexcept { return first_state_; }
  /// A value of so many bytes that no node makes: what a step keeps while it runs.
  std::uint32_t scratch(std::uint64_t n_bytes);
  /// The first of n words that are 0 before every run: steps leave them so.
  std::uint32_t counters(std::uint32_t n) noexcept;
  const sdk::GraphView& graph() const noexcept { return *request_.graph; }
  const Capabilities& can() const noexcept { return request_.can; }
  bool precise() const noexcept { return request_.precise; }
  std::uint32_t max_tokens() const noexcept { return request_.max_tokens; }
  std::uint64_t max_rows(std::uint32_t value) const noexcept;
  /// Null in an estimate.
  VkPipeline pipeline(Shader shader, std::uint32_t threads, const Constants& constants) const;
  /// The activation that is input `i` of a node; throws kBadShape where it is none.
  std::uint32_t activation(const sdk::GraphNode& node, std::size_t i) const;
  std::uint32_t width(std::uint32_t value) const;
  bool is_weight(std::uint32_t value) const;
  bool has_input(const sdk::GraphNode& node, std::size_t i) const noexcept;
  /// The weight that is input `i`: a matrix.
  BoundWeight matrix(const sdk::GraphNode& node, std::size_t i) const;
  /// A vector that holds n values: its address; 0 in an estimate.
  std::uint64_t vector(const sdk::GraphNode& node, std::size_t i, std::uint64_t n) const;
  const std::vector<float>* vector_values(const sdk::GraphNode& node, std::size_t i,
                                          std::uint64_t n) const;
  const StatePlace& state(const sdk::GraphNode& node, bool is_kv) const;
  void need_vocab(std::uint64_t n_rows) noexcept;
  RopeTable& rope_table(const sdk::RopeParameters& parameters, const std::vector<float>* factors);
  const Fusions& fusions() const noexcept { return *fusions_; }
  [[noreturn]] void refuse(const sdk::GraphNode& node, const std::string& why) const;

  /// Valid until the next one.
  Step& add_step(const sdk::GraphNode& node, std::vector<std::uint32_t> reads,
                 std::vector<std::uint32_t> writes, std::function<void(Recorder&)> record);

 private:
  void read_values();
  void check_node(const sdk::GraphNode& node) const;
  void check_order() const;
  void place_values();

  ProgramRequest request_;
  StateLayout states_;
  std::vector<Value> values_;
  std::unique_ptr<Fusions> fusions_;
  std::vector<Step> steps_;
  std::deque<RopeTable> rope_tables_;  // addresses stay
  std::uint64_t arena_bytes_ = 0;
  std::uint32_t vocab_size_ = 0, first_state_ = 0, n_counters_ = 0;
};

}  // namespace wick::vulkan

// A graph as steps over values with places in one arena: what compile() and estimate() share. Not
// for running it (plan.h).
#pragma once

#include <wick/sdk/segment_values.h>

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "fuse.h"
#include "gemm_choices.h"
#include "kernels.h"
#include "rope_table.h"
#include "state.h"

namespace wick::opencl {

class Launcher;

/// What a node (or several, fused) became: launch() enqueues its kernels.
struct Step {
  std::string op;
  std::vector<std::uint32_t> reads, writes;
  std::function<void(Launcher&)> launch;
  std::string about;               ///< of its weight, for people; may be empty
  std::uint64_t weight_bytes = 0;  ///< that it reads
};

struct ProgramRequest {
  const sdk::GraphView* graph;
  std::map<std::uint32_t, BoundWeight> weights;  ///< by value
  bool precise;
  std::uint32_t max_tokens, max_outputs;
  Capabilities can;
  Kernels* kernels;  ///< null in an estimate
  GemmWay gemm = GemmWay::kOwn;
  GemmChoices* choices = nullptr;  ///< where `gemm` is kMeasured; null in an estimate
};

class Program {
 public:
  /// Throws for graphs that break the contract or hold an unknown op.
  explicit Program(const ProgramRequest& request);
  Program(const Program&) = delete;

  const std::vector<Step>& steps() const noexcept { return steps_; }
  const sdk::SegmentValues& values() const noexcept { return values_; }
  const StateLayout& states() const noexcept { return states_; }
  std::deque<RopeTable>& rope_tables() noexcept { return rope_tables_; }
  std::uint32_t vocab_size() const noexcept { return vocab_size_; }

  // For the makers of steps.
  const sdk::GraphView& graph() const noexcept { return *request_.graph; }
  const Capabilities& can() const noexcept { return request_.can; }
  bool precise() const noexcept { return request_.precise; }
  std::uint32_t max_tokens() const noexcept { return request_.max_tokens; }
  GemmWay gemm() const noexcept { return request_.gemm; }
  GemmChoices* gemm_choices() const noexcept { return request_.choices; }
  const Fusions& fusions() const noexcept { return *fusions_; }
  /// Null in an estimate.
  Kernel kernel(KernelFile file, const Options& options) const {
    return request_.kernels ? request_.kernels->get(file, options) : nullptr;
  }
  std::uint32_t scratch(std::uint64_t n_bytes) { return values_.scratch(n_bytes); }
  std::uint32_t activation(const sdk::GraphNode& node, std::size_t i) const {
    return values_.activation(node, i);
  }
  std::uint32_t width(std::uint32_t value) const noexcept { return values_.width(value); }
  std::uint64_t max_rows(std::uint32_t value) const noexcept { return values_.max_rows(value); }
  bool is_weight(std::uint32_t value) const noexcept { return values_.is_weight(value); }
  static bool has_input(const sdk::GraphNode& node, std::size_t i) noexcept {
    return sdk::SegmentValues::has_input(node, i);
  }
  [[noreturn]] void refuse(const sdk::GraphNode& node, const std::string& why) const {
    values_.refuse(node, why);
  }
  /// The weight that is input `i`: a matrix.
  BoundWeight matrix(const sdk::GraphNode& node, std::size_t i) const;
  /// A vector that holds n values; null in an estimate.
  cl_mem vector(const sdk::GraphNode& node, std::size_t i, std::uint64_t n) const;
  const std::vector<float>* vector_values(const sdk::GraphNode& node, std::size_t i,
                                          std::uint64_t n) const;
  /// The state of a node, and the value that stands for it in `reads` and `writes`.
  const StatePlace& state(const sdk::GraphNode& node, bool is_kv) const;
  std::uint32_t state_value(const sdk::GraphNode& node) const noexcept {
    return values_.first_state() + node.state;
  }
  void need_vocab(std::uint64_t n_rows) noexcept;
  RopeTable& rope_table(const sdk::RopeParameters& parameters, const std::vector<float>* factors);

  /// Valid until the next one.
  Step& add_step(const sdk::GraphNode& node, std::vector<std::uint32_t> reads,
                 std::vector<std::uint32_t> writes, std::function<void(Launcher&)> launch);

 private:
  ProgramRequest request_;
  StateLayout states_;
  sdk::SegmentValues values_;
  std::unique_ptr<Fusions> fusions_;
  std::vector<Step> steps_;
  std::deque<RopeTable> rope_tables_;  // addresses stay
  std::uint32_t vocab_size_ = 0;
};

}  // namespace wick::opencl

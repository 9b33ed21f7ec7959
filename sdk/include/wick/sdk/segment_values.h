// The values of a segment while a backend makes steps of its nodes: widths, rows, and a place in
// one arena from the step that makes a value to the last that reads it. Not for steps themselves.
#pragma once

#include <wick/error.h>
#include <wick/sdk/graph_view.h>
#include <wick/sdk/guard.h>
#include <wick/sdk/slots.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wick {
inline namespace v1 {
namespace sdk {

struct SegmentValue {
  std::uint64_t row_bytes = 0;  ///< 0: a weight or a state
  bool rows_are_outputs = false;
  bool is_external = false;  ///< bound by the caller
  std::uint64_t offset = 0;  ///< in the arena
};

/// Behind the graph's values come its states, of which there is one memory for all plans, then what
/// steps keep for themselves (scratch()). `graph` is there while steps are made: is_weight(),
/// activation() and place() read it, the rest may be asked later too. One thread.
class SegmentValues {
 public:
  /// `backend` begins every sentence. Throws kBadShape for graphs that break the contract: from
  /// here on nodes name values and states that exist, and make activations.
  SegmentValues(std::string_view backend, const GraphView& graph, std::size_t n_states,
                std::uint32_t max_tokens, std::uint32_t max_outputs)
      : backend_(backend),
        graph_(graph),
        n_states_(n_states),
        max_tokens_(max_tokens),
        max_outputs_(max_outputs) {
    if (max_tokens == 0)
      fail(ErrorCode::kBadArgument, backend_, ": a plan for batches of no tokens");
    for (const GraphValue& from : graph.values()) add(from);
    first_state_ = static_cast<std::uint32_t>(all_.size());
    all_.resize(all_.size() + n_states);
    for (const GraphNode& node : graph.nodes()) check(node);
  }

  const std::vector<SegmentValue>& all() const noexcept { return all_; }
  std::uint64_t arena_bytes() const noexcept { return arena_bytes_; }
  std::uint32_t first_state() const noexcept { return first_state_; }
  bool is_state(std::uint32_t value) const noexcept {
    return value >= first_state_ && value - first_state_ < n_states_;
  }
  std::uint64_t max_rows(std::uint32_t value) const noexcept {
    return std::max(1u, all_[value].rows_are_outputs ? max_outputs_ : max_tokens_);
  }
  /// Columns of f32.
  std::uint32_t width(std::uint32_t value) const noexcept {
    return static_cast<std::uint32_t>(all_[value].row_bytes / sizeof(float));
  }
  /// A value of so many bytes that no node makes: what a step keeps while it runs.
  std::uint32_t scratch(std::uint64_t n_bytes) {
    SegmentValue value;
    value.row_bytes = (n_bytes + max_tokens_ - 1) / max_tokens_;
    all_.push_back(value);
    return static_cast<std::uint32_t>(all_.size() - 1);
  }

  bool is_weight(std::uint32_t value) const noexcept {
    return graph_.values()[value].kind == WICK_VALUE_WEIGHT;
  }
  static bool has_input(const GraphNode& node, std::size_t i) noexcept {
    return i < node.inputs.size() && node.inputs[i] != WICK_NONE;
  }
  /// The activation that is input `i` of a node; throws kBadShape where it is none.
  std::uint32_t activation(const GraphNode& node, std::size_t i) const {
    if (!has_input(node, i) || is_weight(node.inputs[i]))
      refuse(node, "needs an activation as input " + std::to_string(i));
    return node.inputs[i];
  }
  [[noreturn]] void refuse(const GraphNode& node, const std::string& why) const {
    fail(ErrorCode::kBadShape, backend_, ": node ", node.index, " (", node.op, " of layer ",
         node.layer, ") ", why);
  }

  /// Gives every value its place, a multiple of `alignment` bytes: a power of two, 64 at least. A
  /// step has `reads` and `writes`, lists of values that are no weights. Throws kBadShape where one
  /// is read before it is made, or made twice, and for an output that no step makes.
  template <class Step>
  void place(const std::vector<Step>& steps, std::uint64_t alignment = 64) {
    check_order(steps);
    alignment = std::max<std::uint64_t>(alignment, 64);
    std::vector<std::size_t> last(all_.size(), 0);
    for (std::size_t i = 0; i < steps.size(); ++i) {
      for (const std::uint32_t value : steps[i].reads) last[value] = i;
      for (const std::uint32_t value : steps[i].writes) last[value] = i;
    }
    Slots slots;
    std::vector<std::vector<std::uint32_t>> ending(steps.size());
    for (std::size_t i = 0; i < steps.size(); ++i) {
      for (const std::uint32_t value : steps[i].writes) {
        if (is_state(value) || all_[value].is_external) continue;
        const std::uint64_t n_bytes = max_rows(value) * all_[value].row_bytes;
        all_[value].offset = slots.take((n_bytes + alignment - 1) / alignment * alignment);
        ending[last[value]].push_back(value);
      }
      for (const std::uint32_t value : ending[i]) slots.release(all_[value].offset);
    }
    arena_bytes_ = slots.size();
  }

 private:
  static constexpr std::uint64_t kMaxWidth = std::uint64_t{1} << 24;
  static constexpr std::uint64_t kMaxValues = std::uint64_t{1} << 32;  // kernels index by 32 bits

  void add(const GraphValue& from) {
    SegmentValue value;
    value.rows_are_outputs = from.rows_are_outputs();
    value.is_external = from.kind == WICK_VALUE_INPUT || from.is_output;
    if (from.kind != WICK_VALUE_WEIGHT) {
      if (from.dims.size() != 2 || from.width() == 0 || from.width() > kMaxWidth)
        fail(ErrorCode::kBadShape, backend_, ": an activation must be a matrix of 1 to ", kMaxWidth,
             " columns, got ", from.dims.size(), " dimensions of width ", from.width());
      value.row_bytes = from.width() * sizeof(float);
    }
    all_.push_back(value);
    if (from.kind != WICK_VALUE_WEIGHT &&
        from.width() * max_rows(static_cast<std::uint32_t>(all_.size() - 1)) >= kMaxValues)
      fail(ErrorCode::kBadShape, backend_, ": an activation of ", from.width(), " columns and ",
           max_tokens_, " tokens is too large; use smaller batches");
  }

  void check(const GraphNode& node) const {
    const std::size_t n = graph_.values().size();
    if (node.output >= n) refuse(node, "makes a value that does not exist");
    if (graph_.values()[node.output].kind != WICK_VALUE_ACTIVATION)
      refuse(node, "makes an input or a weight");
    for (const std::uint32_t input : node.inputs)
      if (input != WICK_NONE && input >= n) refuse(node, "reads a value that does not exist");
    if (node.state != WICK_NONE && node.state >= n_states_)
      refuse(node, "uses a state that does not exist");
  }

  template <class Step>
  void check_order(const std::vector<Step>& steps) const {
    std::vector<bool> is_made(all_.size(), false);
    for (std::size_t i = 0; i < graph_.values().size(); ++i)
      is_made[i] = graph_.values()[i].kind == WICK_VALUE_INPUT;
    for (std::uint32_t i = 0; i < all_.size(); ++i) is_made[i] = is_made[i] || is_state(i);
    for (const Step& step : steps) {
      for (const std::uint32_t value : step.reads)
        if (!is_made[value])
          fail(ErrorCode::kBadShape, backend_, ": value ", value,
               " is read before a node makes it");
      for (const std::uint32_t value : step.writes) {
        if (is_made[value] && !is_state(value))
          fail(ErrorCode::kBadShape, backend_, ": value ", value, " is made twice");
        is_made[value] = true;
      }
    }
    for (std::size_t i = 0; i < graph_.values().size(); ++i)
      if (graph_.values()[i].is_output && !is_made[i] && !is_weight(static_cast<std::uint32_t>(i)))
        fail(ErrorCode::kBadShape, backend_, ": value ", i, " is an output that no node makes");
  }

  std::string backend_;
  const GraphView& graph_;
  std::size_t n_states_;
  std::uint32_t max_tokens_, max_outputs_, first_state_ = 0;
  std::vector<SegmentValue> all_;
  std::uint64_t arena_bytes_ = 0;
};

}  // namespace sdk
}  // namespace v1
}  // namespace wick

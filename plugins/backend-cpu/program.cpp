// Steps in the order of the nodes, then in phases, then a place for every value from the phase that
// makes it to the last that reads it.
#include "program.h"

#include <wick/error.h>
#include <wick/sdk/slots.h>

#include <algorithm>

#include "ops/table.h"
#include "phases.h"

namespace wick::cpu {
namespace {
constexpr std::uint64_t kMaxWidth = std::uint64_t{1} << 24;
}

Program::Program(const ProgramRequest& request)
    : request_(request), states_(request.graph->states(), request.kv_type) {
  if (request.max_tokens == 0)
    fail(ErrorCode::kBadArgument, "cpu: a plan for batches of no tokens");
  read_values();
  for (const sdk::GraphNode& node : graph().nodes()) check_node(node);
  uses_ = std::make_unique<ValueUses>(graph());
  for (const sdk::GraphNode& node : graph().nodes()) {
    if (uses_->is_part(node)) continue;
    const OpRow* op = find_op(node.op);
    if (!op) fail(ErrorCode::kUnavailable, "cpu: the op ", node.op, " is unknown");
    op_ = node.op.substr(0, node.op.find('@'));
    op->add_steps(*this, node);
  }
  check_order();
  make_phases(steps_);
  place_values();
}

void Program::check_node(const sdk::GraphNode& node) const {
  if (node.output >= graph().values().size()) refuse(node, "makes a value that does not exist");
  for (const std::uint32_t input : node.inputs)
    if (input != WICK_NONE && input >= graph().values().size())
      refuse(node, "reads a value that does not exist");
  if (node.state != WICK_NONE && node.state >= states_.places.size())
    refuse(node, "uses a state that does not exist");
}

void Program::read_values() {
  for (const sdk::GraphValue& from : graph().values()) {
    Value value;
    value.rows_are_outputs = from.rows_are_outputs();
    value.is_external = from.kind == WICK_VALUE_INPUT || from.is_output;
    if (from.kind != WICK_VALUE_WEIGHT) {
      if (from.dims.size() != 2 || from.width() == 0 || from.width() > kMaxWidth)
        fail(ErrorCode::kBadShape, "cpu: an activation must be a matrix of 1 to ", kMaxWidth,
             " columns, got ", from.dims.size(), " dimensions of width ", from.width());
      value.row_bytes = from.width() * sizeof(float);
    }
    values_.push_back(value);
  }
  first_state_ = static_cast<std::uint32_t>(values_.size());
  values_.resize(values_.size() + states_.places.size());
}

std::uint64_t Program::width(std::uint32_t value) const {
  return values_[value].row_bytes / sizeof(float);
}

std::uint64_t Program::max_rows(std::uint32_t value) const noexcept {
  return std::max(1u, values_[value].rows_are_outputs ? request_.max_outputs : request_.max_tokens);
}

bool Program::is_weight(std::uint32_t value) const {
  return graph().values()[value].kind == WICK_VALUE_WEIGHT;
}

bool Program::has_input(const sdk::GraphNode& node, std::size_t i) const noexcept {
  return i < node.inputs.size() && node.inputs[i] != WICK_NONE;
}

void Program::refuse(const sdk::GraphNode& node, const std::string& why) const {
  fail(ErrorCode::kBadShape, "cpu: node ", node.index, " (", node.op, " of layer ", node.layer,
       ") ", why);
}

std::uint32_t Program::activation(const sdk::GraphNode& node, std::size_t i) const {
  if (!has_input(node, i) || is_weight(node.inputs[i]))
    refuse(node, "needs an activation as input " + std::to_string(i));
  return node.inputs[i];
}

BoundWeight Program::weight(const sdk::GraphNode& node, std::size_t i, bool is_vector) const {
  const auto found =
      has_input(node, i) ? request_.weights.find(node.inputs[i]) : request_.weights.end();
  if (found == request_.weights.end()) refuse(node, "needs a weight as input " + std::to_string(i));
  if ((found->second.layout->element == Element::kVector) != is_vector)
    refuse(node, is_vector ? "needs a weight that is kept as a vector"
                           : "needs a weight that is kept as a matrix");
  return found->second;
}

const float* Program::vector(const sdk::GraphNode& node, std::size_t i, std::uint64_t n) const {
  const BoundWeight bound = weight(node, i, true);
  const std::uint64_t held = bound.layout->n_rows * bound.layout->n_cols;
  if (held != n)
    refuse(node, "needs a vector of " + std::to_string(n) + " values, got " + std::to_string(held));
  return bound.weight ? bound.weight->vector() : nullptr;
}

void Program::need_vocab(std::uint64_t n_rows) noexcept {
  const auto n = static_cast<std::uint32_t>(std::min<std::uint64_t>(n_rows, 0x7fffffffu));
  vocab_size_ = vocab_size_ == 0 ? n : std::min(vocab_size_, n);
}

std::uint32_t Program::add_value(std::uint64_t row_bytes, bool rows_are_outputs) {
  Value value;
  value.row_bytes = row_bytes;
  value.rows_are_outputs = rows_are_outputs;
  values_.push_back(value);
  return static_cast<std::uint32_t>(values_.size() - 1);
}

std::uint32_t Program::shared(const std::string& key, const std::function<std::uint32_t()>& make) {
  const auto found = shared_.find(key);
  if (found != shared_.end()) return found->second;
  return shared_[key] = make();
}

Step& Program::add_step(std::unique_ptr<Step> step) {
  for (const std::uint32_t value : step->writes) values_[value].made_by = step->partition;
  if (step->op.empty()) step->op = op_;
  steps_.push_back(std::move(step));
  return *steps_.back();
}

Partition Program::partition_for(std::uint32_t x, std::uint64_t n_parts) const {
  const Partition pieces = Partition::pieces(rows_are_outputs(x), n_parts, width(x) / n_parts);
  const Partition& made = values_[x].made_by;
  if (made.kind == Partition::Kind::kRows || same_parts(made, pieces)) return made;
  return width(x) <= kWideRow ? Partition::rows(rows_are_outputs(x)) : pieces;
}

void Program::check_order() const {
  std::vector<bool> is_made(values_.size(), false);
  for (std::size_t i = 0; i < graph().values().size(); ++i)
    is_made[i] = graph().values()[i].kind == WICK_VALUE_INPUT;
  for (std::size_t i = 0; i < states_.places.size(); ++i) is_made[first_state_ + i] = true;
  for (const auto& step : steps_) {
    for (const std::uint32_t value : step->reads)
      if (!is_made[value])
        fail(ErrorCode::kBadShape, "cpu: value ", value, " is read before a node makes it");
    for (const std::uint32_t value : step->writes) {
      if (is_made[value]) fail(ErrorCode::kBadShape, "cpu: value ", value, " is made twice");
      is_made[value] = true;
    }
  }
}

void Program::place_values() {
  const std::uint32_t n_phases = steps_.empty() ? 0 : steps_.back()->phase + 1;
  std::vector<std::uint32_t> last(values_.size(), 0);
  for (const auto& step : steps_) {
    for (const std::uint32_t value : step->reads) last[value] = step->phase;
    for (const std::uint32_t value : step->writes) last[value] = step->phase;
  }
  sdk::Slots slots;
  std::vector<std::vector<std::uint32_t>> ending(n_phases);
  std::uint32_t phase = 0;
  for (const auto& step : steps_) {
    for (; phase < step->phase; ++phase)
      for (const std::uint32_t value : ending[phase]) slots.release(values_[value].offset);
    scratch_bytes_ = std::max(scratch_bytes_, (step->scratch_bytes + 63) / 64 * 64);
    for (const std::uint32_t value : step->writes) {
      if (values_[value].is_external) continue;
      values_[value].offset = slots.take(max_rows(value) * values_[value].row_bytes);
      ending[last[value]].push_back(value);
    }
  }
  arena_bytes_ = slots.size();
}

}  // namespace wick::cpu

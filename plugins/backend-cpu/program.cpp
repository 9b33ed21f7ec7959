// Steps in the order of the nodes, then a place for every value from the step that writes it to the
// last that reads it.
#include "program.h"

#include <wick/error.h>

#include <algorithm>

#include "ops/table.h"
#include "slots.h"

namespace wick::cpu {
namespace {
constexpr std::uint64_t kMaxWidth = std::uint64_t{1} << 24;
}

Program::Program(const ProgramRequest& request)
    : request_(request), states_(request.graph->states(), request.precise) {
  if (request.max_tokens == 0)
    fail(ErrorCode::kBadArgument, "cpu: a plan for batches of no tokens");
  read_values();
  for (const sdk::GraphNode& node : graph().nodes()) {
    if (node.output >= graph().values().size()) refuse(node, "makes a value that does not exist");
    for (const std::uint32_t input : node.inputs)
      if (input != WICK_NONE && input >= graph().values().size())
        refuse(node, "reads a value that does not exist");
    if (node.state != WICK_NONE && node.state >= states_.places.size())
      refuse(node, "uses a state that does not exist");
    const OpRow* op = find_op(node.op);
    if (!op) fail(ErrorCode::kUnavailable, "cpu: the op ", node.op, " is unknown");
    op->add_steps(*this, node);
  }
  place_values();
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
}

std::uint64_t Program::width(std::uint32_t value) const {
  return values_[value].row_bytes / sizeof(float);
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

void Program::place_values() {
  std::vector<std::size_t> last(values_.size(), 0);
  std::vector<bool> is_made(values_.size(), false);
  for (std::size_t i = 0; i < values_.size(); ++i)
    is_made[i] = values_[i].is_external &&
                 (i < graph().values().size() && graph().values()[i].kind == WICK_VALUE_INPUT);
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    for (const std::uint32_t value : steps_[i]->reads) {
      if (!is_made[value])
        fail(ErrorCode::kBadShape, "cpu: value ", value, " is read before a node makes it");
      last[value] = i;
    }
    if (steps_[i]->writes == WICK_NONE) continue;
    if (is_made[steps_[i]->writes])
      fail(ErrorCode::kBadShape, "cpu: value ", steps_[i]->writes, " is made twice");
    is_made[steps_[i]->writes] = true;
    last[steps_[i]->writes] = i;
  }
  Slots slots;
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    scratch_bytes_ = std::max(scratch_bytes_, (steps_[i]->scratch_bytes + 63) / 64 * 64);
    const std::uint32_t made = steps_[i]->writes;
    if (made != WICK_NONE && !values_[made].is_external) {
      const std::uint64_t n_rows =
          values_[made].rows_are_outputs ? request_.max_outputs : request_.max_tokens;
      values_[made].offset =
          slots.take(std::max<std::uint64_t>(1, n_rows) * values_[made].row_bytes);
    }
    for (std::uint32_t v = 0; v < values_.size(); ++v)
      if (is_made[v] && last[v] == i && !values_[v].is_external) slots.release(values_[v].offset);
    if (i + 1 == steps_.size()) break;
  }
  arena_bytes_ = slots.size();
}

}  // namespace wick::cpu

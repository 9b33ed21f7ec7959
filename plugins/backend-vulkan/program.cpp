// Steps in the order of the nodes, then a place for every value from the step that makes it to the
// last that reads it.
#include "program.h"

#include <wick/sdk/slots.h>

#include <algorithm>

#include "ops/table.h"

namespace wick::vulkan {
namespace {
constexpr std::uint64_t kMaxWidth = std::uint64_t{1} << 24;
constexpr std::uint64_t kMaxValues = std::uint64_t{1} << 32;  // of an activation: shaders index so
}  // namespace

Program::Program(const ProgramRequest& request)
    : request_(request), states_(request.graph->states(), request.precise) {
  if (request.max_tokens == 0)
    fail(ErrorCode::kBadArgument, "vulkan: a plan for batches of no tokens");
  read_values();
  for (const sdk::GraphNode& node : graph().nodes()) check_node(node);
  fusions_ = std::make_unique<Fusions>(graph(), request_.weights, request_.can, request_.precise,
                                       request_.max_tokens);
  for (const sdk::GraphNode& node : graph().nodes()) {
    if (fusions_->is_part(node)) continue;
    const OpRow* op = find_op(node.op);
    if (!op) fail(ErrorCode::kUnavailable, "vulkan: the op ", node.op, " is unknown");
    op->add_steps(*this, node);
  }
  check_order();
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
        fail(ErrorCode::kBadShape, "vulkan: an activation must be a matrix of 1 to ", kMaxWidth,
             " columns, got ", from.dims.size(), " dimensions of width ", from.width());
      value.row_bytes = from.width() * sizeof(float);
    }
    values_.push_back(value);
    if (value.row_bytes / sizeof(float) *
            max_rows(static_cast<std::uint32_t>(values_.size() - 1)) >=
        kMaxValues)
      fail(ErrorCode::kBadShape, "vulkan: an activation of ", from.width(), " columns and ",
           request_.max_tokens, " tokens is too large; use smaller batches");
  }
  first_state_ = static_cast<std::uint32_t>(values_.size());
  values_.resize(values_.size() + states_.places.size());
}

std::uint32_t Program::width(std::uint32_t value) const {
  return static_cast<std::uint32_t>(values_[value].row_bytes / sizeof(float));
}

std::uint32_t Program::scratch(std::uint64_t n_bytes) {
  Value value;
  value.row_bytes = groups_of(n_bytes, request_.max_tokens);
  values_.push_back(value);
  return static_cast<std::uint32_t>(values_.size() - 1);
}

std::uint32_t Program::counters(std::uint32_t n) noexcept {
  n_counters_ += n;
  return n_counters_ - n;
}

std::uint64_t Program::max_rows(std::uint32_t value) const noexcept {
  return std::max(1u, values_[value].rows_are_outputs ? request_.max_outputs : request_.max_tokens);
}

VkPipeline Program::pipeline(Shader shader, std::uint32_t threads,
                             const Constants& constants) const {
  return request_.pipelines ? request_.pipelines->get(shader, threads, constants) : VK_NULL_HANDLE;
}

bool Program::is_weight(std::uint32_t value) const {
  return graph().values()[value].kind == WICK_VALUE_WEIGHT;
}

bool Program::has_input(const sdk::GraphNode& node, std::size_t i) const noexcept {
  return i < node.inputs.size() && node.inputs[i] != WICK_NONE;
}

void Program::refuse(const sdk::GraphNode& node, const std::string& why) const {
  fail(ErrorCode::kBadShape, "vulkan: node ", node.index, " (", node.op, " of layer ", node.layer,
       ") ", why);
}

std::uint32_t Program::activation(const sdk::GraphNode& node, std::size_t i) const {
  if (!has_input(node, i) || is_weight(node.inputs[i]))
    refuse(node, "needs an activation as input " + std::to_string(i));
  return node.inputs[i];
}

BoundWeight Program::matrix(const sdk::GraphNode& node, std::size_t i) const {
  const auto found =
      has_input(node, i) ? request_.weights.find(node.inputs[i]) : request_.weights.end();
  if (found == request_.weights.end() || found->second.layout->is_vector)
    refuse(node, "needs a weight that is kept as a matrix as input " + std::to_string(i));
  return found->second;
}

const std::vector<float>* Program::vector_values(const sdk::GraphNode& node, std::size_t i,
                                                 std::uint64_t n) const {
  const auto found =
      has_input(node, i) ? request_.weights.find(node.inputs[i]) : request_.weights.end();
  if (found == request_.weights.end() || !found->second.layout->is_vector)
    refuse(node, "needs a weight that is kept as a vector as input " + std::to_string(i));
  const Layout& layout = *found->second.layout;
  if (layout.n_rows * layout.n_cols != n)
    refuse(node, "needs a vector of " + std::to_string(n) + " values, got " +
                     std::to_string(layout.n_rows * layout.n_cols));
  return found->second.weight ? &found->second.weight->vector() : nullptr;
}

std::uint64_t Program::vector(const sdk::GraphNode& node, std::size_t i, std::uint64_t n) const {
  vector_values(node, i, n);
  const Weight* weight = request_.weights.at(node.inputs[i]).weight;
  return weight ? weight->address() : 0;
}

const StatePlace& Program::state(const sdk::GraphNode& node, bool is_kv) const {
  if (node.state == WICK_NONE || states_.places[node.state].is_kv != is_kv)
    refuse(node, "needs a state of its kind");
  return states_.places[node.state];
}

void Program::need_vocab(std::uint64_t n_rows) noexcept {
  const auto n = static_cast<std::uint32_t>(std::min<std::uint64_t>(n_rows, 0x7fffffffu));
  vocab_size_ = vocab_size_ == 0 ? n : std::min(vocab_size_, n);
}

RopeTable& Program::rope_table(const sdk::RopeParameters& parameters,
                               const std::vector<float>* factors) {
  sdk::RopeAngles angles(parameters, factors);
  for (RopeTable& made : rope_tables_)
    if (made.angles() == angles) return made;
  rope_tables_.emplace_back(std::move(angles));
  return rope_tables_.back();
}

Step& Program::add_step(const sdk::GraphNode& node, std::vector<std::uint32_t> reads,
                        std::vector<std::uint32_t> writes, std::function<void(Recorder&)> record) {
  Step step;
  step.op = node.op.substr(0, node.op.find('@'));
  step.reads = std::move(reads);
  step.writes = std::move(writes);
  step.record = std::move(record);
  steps_.push_back(std::move(step));
  return steps_.back();
}

void Program::check_order() const {
  std::vector<bool> is_made(values_.size(), false);
  for (std::size_t i = 0; i < graph().values().size(); ++i)
    is_made[i] = graph().values()[i].kind == WICK_VALUE_INPUT;
  for (std::uint32_t i = 0; i < values_.size(); ++i) is_made[i] = is_made[i] || is_state(i);
  for (const Step& step : steps_) {
    for (const std::uint32_t value : step.reads)
      if (!is_made[value])
        fail(ErrorCode::kBadShape, "vulkan: value ", value, " is read before a node makes it");
    for (const std::uint32_t value : step.writes) {
      if (is_made[value] && !is_state(value))
        fail(ErrorCode::kBadShape, "vulkan: value ", value, " is made twice");
      is_made[value] = true;
    }
  }
}

void Program::place_values() {
  std::vector<std::size_t> last(values_.size(), 0);
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    for (const std::uint32_t value : steps_[i].reads) last[value] = i;
    for (const std::uint32_t value : steps_[i].writes) last[value] = i;
  }
  sdk::Slots slots;
  std::vector<std::vector<std::uint32_t>> ending(steps_.size());
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    for (const std::uint32_t value : steps_[i].writes) {
      if (is_state(value) || values_[value].is_external) continue;
      values_[value].offset = slots.take(max_rows(value) * values_[value].row_bytes);
      ending[last[value]].push_back(value);
    }
    for (const std::uint32_t value : ending[i]) slots.release(values_[value].offset);
  }
  arena_bytes_ = slots.size();
}

}  // namespace wick::vulkan

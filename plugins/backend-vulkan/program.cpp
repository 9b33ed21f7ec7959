// Steps in the order of the nodes, then a place for every value.
#include "program.h"

#include <algorithm>

#include "ops/table.h"

namespace wick::vulkan {

Program::Program(const ProgramRequest& request)
    : request_(request),
      states_(request.graph->states(), request.precise),
      values_("vulkan", graph(), states_.places.size(), request.max_tokens, request.max_outputs),
      fusions_(graph(), request_.weights, request_.can, request_.precise, request_.max_tokens) {
  for (const sdk::GraphNode& node : graph().nodes()) {
    if (fusions_.is_part(node)) continue;
    const OpRow* op = find_op(node.op);
    if (!op) fail(ErrorCode::kUnavailable, "vulkan: the op ", node.op, " is unknown");
    op->add_steps(*this, node);
  }
  values_.place(steps_);
}

std::uint32_t Program::counters(std::uint32_t n) noexcept {
  n_counters_ += n;
  return n_counters_ - n;
}

VkPipeline Program::pipeline(Shader shader, std::uint32_t threads,
                             const Constants& constants) const {
  return request_.pipelines ? request_.pipelines->get(shader, threads, constants) : VK_NULL_HANDLE;
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

}  // namespace wick::vulkan

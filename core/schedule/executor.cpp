// See executor.h.
#include "schedule/executor.h"

#include <wick/error.h>

#include <algorithm>

namespace wick {
namespace {

std::uint32_t flags_of(const ExecutorOptions& options) {
  return options.precise ? WICK_COMPILE_PRECISE : 0;
}

std::uint32_t find_logits(const Graph& graph) {
  for (std::uint32_t i = 0; i < graph.values.size(); ++i)
    if (graph.values[i].is_output && graph.values[i].name == "logits") return i;
  fail(ErrorCode::kInternal, "graph: no value is named logits");
}

}  // namespace

Executor::Executor(const Device& device, const Graph& graph,
                   std::vector<Owned<wick_weight>> weights,
                   const std::vector<std::uint32_t>& weight_values, const ExecutorOptions& options)
    : device_(device), options_(options), weights_(std::move(weights)) {
  logits_value_ = find_logits(graph);
  vocab_size_ = static_cast<std::uint32_t>(graph.values[logits_value_].dims.back());
  uncuttable_ = std::any_of(graph.states.begin(), graph.states.end(),
                            [](const StateDecl& s) { return s.kind != "kv"; });
  if (!graph.states.empty()) {
    wick_state* made = nullptr;
    device_.call(device_.table().state_create, device_.index(), to_abi(graph), flags_of(options_),
                 &made);
    state_ = own(device_, made, device_.table().state_free);
  }
  decode_ = compile(graph, weight_values, 1);
  prefill_ = compile(graph, weight_values, options_.max_tokens);
  make_logits_buffer();
}

Owned<wick_plan> Executor::compile(const Graph& graph,
                                   const std::vector<std::uint32_t>& weight_values,
                                   std::uint32_t max_tokens) {
  std::vector<wick_weight_binding> bindings;
  for (std::size_t i = 0; i < weights_.size(); ++i)
    bindings.push_back({weight_values[i], 0, weights_[i].get()});
  auto request = sdk::make<wick_compile_request>();
  request.flags = flags_of(options_);
  request.graph = to_abi(graph);
  request.weights = bindings.data();
  request.n_weights = static_cast<std::uint32_t>(bindings.size());
  request.max_tokens = max_tokens;
  request.max_outputs = std::min(max_tokens, options_.max_outputs);
  wick_plan* made = nullptr;
  device_.call(device_.table().compile, device_.index(),
               static_cast<const wick_compile_request*>(&request), &made);
  return own(device_, made, device_.table().plan_free);
}

void Executor::make_logits_buffer() {
  logits_.resize(std::size_t{options_.max_outputs} * vocab_size_);
  const std::uint64_t n_bytes = logits_.size() * sizeof(float);
  const wick_backend_v1& table = device_.table();
  wick_buffer* made = nullptr;
  imported_ = WICK_CAN(&table, buffer_import);
  if (imported_) {
    device_.call(table.buffer_import, device_.index(), static_cast<void*>(logits_.data()), n_bytes,
                 &made);
  } else {
    device_.call(table.buffer_create, device_.index(), n_bytes, &made);
  }
  buffer_ = own(device_, made, table.buffer_free);
}

void Executor::reserve_blocks(std::uint32_t n_blocks) {
  if (!state_ || n_blocks <= n_blocks_) return;
  device_.call(device_.table().state_resize, state_.get(), n_blocks);
  n_blocks_ = n_blocks;
}

void Executor::copy_block(std::uint32_t from, std::uint32_t to) {
  if (state_) device_.call(device_.table().state_copy, state_.get(), from, to);
}

std::uint64_t Executor::block_bytes() const noexcept {
  return state_ ? device_.table().state_block_bytes(device_.self(), state_.get()) : 0;
}

std::vector<std::uint64_t> Executor::weight_bytes() const {
  std::vector<std::uint64_t> bytes;
  for (const auto& weight : weights_)
    bytes.push_back(device_.table().weight_bytes(device_.self(), weight.get()));
  return bytes;
}

std::span<const float> Executor::run(const wick_batch& batch) {
  const wick_buffer_binding binding{logits_value_, 0, buffer_.get()};
  auto bindings = sdk::make<wick_bindings>();
  bindings.batch = &batch;
  bindings.buffers = &binding;
  bindings.n_buffers = 1;
  bindings.state = state_.get();
  wick_plan* plan = batch.n_tokens == 1 ? decode_.get() : prefill_.get();
  device_.call(device_.table().run, plan, static_cast<const wick_bindings*>(&bindings), nullptr);
  const std::size_t n = std::size_t{batch.n_outputs} * vocab_size_;
  if (!imported_ && n > 0)
    device_.call(device_.table().buffer_read, buffer_.get(), std::uint64_t{0},
                 static_cast<void*>(logits_.data()), std::uint64_t{n * sizeof(float)}, nullptr);
  return {logits_.data(), n};
}

}  // namespace wick

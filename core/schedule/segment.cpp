// See segment.h.
#include "schedule/segment.h"

#include <algorithm>

#include "schedule/named_memory.h"

namespace wick {
namespace {

std::uint32_t flags_of(const ExecutorOptions& options) {
  return options.precise ? WICK_COMPILE_PRECISE : 0;
}

}  // namespace

Segment::Segment(SegmentSource source, const ExecutorOptions& options, Borders& borders)
    : source_(std::move(source)) {
  with_named_memory(source_.name, [&] {
    make_state(options);
    decode_ = compile(options, 1);
    prefill_ = compile(options, options.max_tokens);
    open_borders(options, borders);
  });
}

void Segment::make_state(const ExecutorOptions& options) {
  const Graph& graph = source_.cut.graph;
  if (graph.states.empty()) return;
  wick_state* made = nullptr;
  device().call(device().table().state_create, device().index(), to_abi(graph), flags_of(options),
                &made);
  state_ = own(device(), made, device().table().state_free);
}

Owned<wick_plan> Segment::compile(const ExecutorOptions& options, std::uint32_t max_tokens) {
  auto request = sdk::make<wick_compile_request>();
  request.flags = flags_of(options);
  request.graph = to_abi(source_.cut.graph);
  request.weights = source_.weights.data();
  request.n_weights = static_cast<std::uint32_t>(source_.weights.size());
  request.max_tokens = max_tokens;
  request.max_outputs = std::min(max_tokens, options.max_outputs);
  wick_plan* made = nullptr;
  device().call(device().table().compile, device().index(),
                static_cast<const wick_compile_request*>(&request), &made);
  return own(device(), made, device().table().plan_free);
}

void Segment::open_borders(const ExecutorOptions& options, Borders& borders) {
  const SegmentGraph& cut = source_.cut;
  for (std::uint32_t i = 0; i < cut.graph.values.size(); ++i) {
    const Value& value = cut.graph.values[i];
    const bool is_input = value.kind == WICK_VALUE_INPUT;
    if (!is_input && !value.is_output) continue;
    const bool of_outputs = value.dims.front() == WICK_DIM_OUTPUTS;
    Border& border =
        borders
            .try_emplace(cut.whole_value[i], of_outputs ? options.max_outputs : options.max_tokens,
                         static_cast<std::uint64_t>(value.dims.back()), of_outputs)
            .first->second;
    (is_input ? inputs_ : outputs_).push_back({i, BorderEnd(device(), border)});
    bindings_.push_back({i, 0, (is_input ? inputs_ : outputs_).back().border.buffer()});
  }
}

void Segment::reserve_blocks(std::uint32_t n_blocks) {
  if (!state_ || n_blocks <= n_blocks_) return;
  with_named_memory(source_.name,
                    [&] { device().call(device().table().state_resize, state_.get(), n_blocks); });
  n_blocks_ = n_blocks;
}

void Segment::copy_block(std::uint32_t from, std::uint32_t to) {
  if (!state_) return;
  with_named_memory(source_.name,
                    [&] { device().call(device().table().state_copy, state_.get(), from, to); });
}

std::uint64_t Segment::block_bytes() const noexcept {
  return state_ ? device().table().state_block_bytes(device().self(), state_.get()) : 0;
}

/// Without wanted logits, what only makes them need not run.
bool Segment::has_work(const wick_batch& batch) const noexcept {
  return batch.n_outputs > 0 || state_ ||
         std::any_of(outputs_.begin(), outputs_.end(),
                     [](const End& end) { return !end.border.border().rows_are_outputs(); });
}

void Segment::run(const wick_batch& batch) {
  if (!has_work(batch)) return;
  for (const End& end : inputs_) end.border.send(device(), batch);
  auto bindings = sdk::make<wick_bindings>();
  bindings.batch = &batch;
  bindings.buffers = bindings_.data();
  bindings.n_buffers = static_cast<std::uint32_t>(bindings_.size());
  bindings.state = state_.get();
  wick_plan* plan = batch.n_tokens == 1 ? decode_.get() : prefill_.get();
  with_named_memory(source_.name, [&] {
    device().call(device().table().run, plan, static_cast<const wick_bindings*>(&bindings),
                  nullptr);
  });
  for (const End& end : outputs_) end.border.receive(device(), batch);
}

}  // namespace wick

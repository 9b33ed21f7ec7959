// See executor.h.
#include "schedule/executor.h"

#include <wick/error.h>

#include <algorithm>

#include "schedule/candidates_output.h"

namespace wick {
namespace {

std::uint32_t find_logits(const Graph& graph) {
  for (std::uint32_t i = 0; i < graph.values.size(); ++i)
    if (graph.values[i].is_output && graph.values[i].name == "logits") return i;
  fail(ErrorCode::kInternal, "graph: no value is named logits");
}

}  // namespace

Executor::Executor(const Graph& whole, std::vector<SegmentSource> sources,
                   std::vector<Owned<wick_weight>> weights, const ExecutorOptions& options)
    : options_(options), weights_(std::move(weights)) {
  const std::uint32_t logits = find_logits(whole);
  vocab_size_ = static_cast<std::uint32_t>(whole.values[logits].dims.back());
  uncuttable_ = std::any_of(whole.states.begin(), whole.states.end(),
                            [](const StateDecl& s) { return s.kind != "kv"; });
  const auto candidates = static_cast<std::uint32_t>(whole.values.size());  // behind all of them
  if (put_candidates_output(sources, logits, candidates, options_.n_candidates))
    n_candidates_ = options_.n_candidates;
  segments_.reserve(sources.size());
  for (SegmentSource& source : sources)
    segments_.emplace_back(std::move(source), options_, borders_);
  rows_ = &borders_.at(n_candidates_ > 0 ? candidates : logits);
  if (options.hidden == WICK_NONE) return;
  hidden_ = &borders_.at(options.hidden);
  hidden_width_ = static_cast<std::size_t>(whole.values[options.hidden].dims.back());
}

void Executor::reserve_blocks(std::uint32_t n_blocks) {
  for (Segment& segment : segments_) segment.reserve_blocks(n_blocks);
  n_blocks_ = std::max(n_blocks_, n_blocks);
}

void Executor::copy_block(std::uint32_t from, std::uint32_t to) {
  for (Segment& segment : segments_) segment.copy_block(from, to);
}

std::uint64_t Executor::block_bytes() const noexcept {
  std::uint64_t sum = 0;
  for (const Segment& segment : segments_) sum += segment.block_bytes();
  return sum;
}

std::span<const float> Executor::run(const wick_batch& batch) {
  for (Segment& segment : segments_) segment.run(batch);
  if (observer_) observer_(batch);
  return {rows_->data(), std::size_t{batch.n_outputs} * row_width()};
}

std::span<const float> Executor::hidden(const wick_batch& batch,
                                        std::uint32_t output) const noexcept {
  if (!hidden_) return {};
  const std::size_t row = hidden_->rows_are_outputs() ? output : batch.output_rows[output];
  return {hidden_->data() + row * hidden_width_, hidden_width_};
}

}  // namespace wick

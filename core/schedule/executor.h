// Runs batches of one loaded model on its devices, segment by segment. Not sequences:
// generate/session.h decides what is in a batch and which state blocks it uses.
#pragma once

#include <wick/abi/graph.h>

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "graph/graph.h"
#include "schedule/segment.h"

namespace wick {

/// One thread at a time.
class Executor {
 public:
  /// `sources` in the order in which they run; their weights are among `weights`, which it keeps.
  Executor(const Graph& whole, std::vector<SegmentSource> sources,
           std::vector<Owned<wick_weight>> weights, const ExecutorOptions& options);

  std::uint32_t max_tokens() const noexcept { return options_.max_tokens; }
  std::uint32_t max_outputs() const noexcept { return options_.max_outputs; }
  std::uint32_t vocab_size() const noexcept { return vocab_size_; }
  /// How many candidates a row of a run has, where a device finds them; 0: a row is all logits.
  std::uint32_t n_candidates() const noexcept { return n_candidates_; }
  /// Values of a row.
  std::uint32_t row_width() const noexcept {
    return n_candidates_ > 0 ? 2 * n_candidates_ : vocab_size_;
  }
  /// Whether a block's state can only be continued where it ends: convolutions, unlike keys and
  /// values, cannot be cut.
  bool state_is_uncuttable() const noexcept { return uncuttable_; }

  /// Makes room for n_blocks state blocks on every device; what is there stays.
  void reserve_blocks(std::uint32_t n_blocks);
  /// Those that there is room for.
  std::uint32_t n_blocks() const noexcept { return n_blocks_; }
  void copy_block(std::uint32_t from, std::uint32_t to);
  std::uint64_t block_bytes() const noexcept;  ///< of all devices

  const std::vector<Segment>& segments() const noexcept { return segments_; }

  /// Runs one batch, and returns logits [n_outputs, vocab_size], or the likeliest tokens
  /// [n_outputs, 2 * n_candidates] as top_k@1 gives them, valid until the next run. All limits are
  /// the caller's to keep.
  std::span<const float> run(const wick_batch& batch);
  /// Of that batch, behind its run: ExecutorOptions::hidden of the token that `output` (below
  /// n_outputs) is of; empty where none was asked for.
  std::span<const float> hidden(const wick_batch& batch, std::uint32_t output) const noexcept;

  /// Called at the end of each run, with its batch; may be empty.
  void observe(std::function<void(const wick_batch&)> observer) { observer_ = std::move(observer); }
  /// Rows that the last run made of an output of the whole graph, this batch's.
  std::span<const float> output(std::uint32_t value, const wick_batch& batch) const {
    const Border& border = borders_.at(value);
    return {border.data(), border.bytes(batch) / sizeof(float)};
  }

 private:
  ExecutorOptions options_;
  std::vector<Owned<wick_weight>> weights_;
  Borders borders_;
  std::vector<Segment> segments_;
  const Border* rows_ = nullptr;
  std::function<void(const wick_batch&)> observer_;
  const Border* hidden_ = nullptr;
  bool uncuttable_ = false;
  std::uint32_t vocab_size_ = 0, n_candidates_ = 0, n_blocks_ = 0;
  std::size_t hidden_width_ = 0;
};

}  // namespace wick

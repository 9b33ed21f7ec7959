// Runs batches of one loaded model on its device. Not sequences: generate/session.h decides what is
// in a batch and which state blocks it uses.
#pragma once

#include <wick/abi/graph.h>

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "graph/graph.h"
#include "schedule/device.h"

namespace wick {

struct ExecutorOptions {
  std::uint32_t max_tokens = 512;
  std::uint32_t max_outputs = 1;
  bool precise = false;
};

/// One thread at a time.
class Executor {
 public:
  /// `weights` are bound to the graph's values `weight_values`, one each. Compiles for one token
  /// and for many.
  Executor(const Device& device, const Graph& graph, std::vector<Owned<wick_weight>> weights,
           const std::vector<std::uint32_t>& weight_values, const ExecutorOptions& options);

  std::uint32_t max_tokens() const noexcept { return options_.max_tokens; }
  std::uint32_t max_outputs() const noexcept { return options_.max_outputs; }
  std::uint32_t vocab_size() const noexcept { return vocab_size_; }
  /// Whether a block's state can only be continued where it ends: convolutions, unlike keys and
  /// values, cannot be cut.
  bool state_is_uncuttable() const noexcept { return uncuttable_; }

  /// Makes room for n_blocks state blocks; what is there stays.
  void reserve_blocks(std::uint32_t n_blocks);
  void copy_block(std::uint32_t from, std::uint32_t to);
  std::uint64_t block_bytes() const noexcept;
  /// As the device holds them, in the order in which they were given.
  std::vector<std::uint64_t> weight_bytes() const;
  const Device& device() const noexcept { return device_; }

  /// Runs one batch, and returns logits [n_outputs, vocab_size], valid until the next run. All
  /// limits are the caller's to keep.
  std::span<const float> run(const wick_batch& batch);

 private:
  Owned<wick_plan> compile(const Graph& graph, const std::vector<std::uint32_t>& weight_values,
                           std::uint32_t max_tokens);
  void make_logits_buffer();

  Device device_;
  ExecutorOptions options_;
  std::vector<Owned<wick_weight>> weights_;
  Owned<wick_state> state_;
  Owned<wick_plan> decode_, prefill_;
  std::vector<float> logits_;
  Owned<wick_buffer> buffer_;  // over logits_ where the device can, else its own
  bool imported_ = false, uncuttable_ = false;
  std::uint32_t vocab_size_ = 0, logits_value_ = WICK_NONE, n_blocks_ = 0;
};

}  // namespace wick

// The batch of one run in memory that kernels read (kernels/batch.clh). Not for activations.
#pragma once

#include <wick/abi/graph.h>

#include <vector>

#include "state.h"

namespace wick::opencl {

class Batch {
 public:
  Batch(Device& device, std::uint32_t max_tokens, std::uint32_t max_outputs);

  /// Throws kBadArgument, before anything is written, for a batch that breaks the contract.
  /// vocab_size 0: token ids are not read.
  void check(const wick_batch& batch, const State* state, std::uint32_t vocab_size) const;
  /// Enqueues the copy: the words must not change before the device has them.
  void write(const wick_batch& batch, const State* state);

  const Memory& memory() const noexcept { return memory_; }
  cl_mem handle() const noexcept { return memory_.handle(); }
  std::uint32_t runs_at() const noexcept { return runs_at_; }  ///< words, as the next two
  std::uint32_t outputs_at() const noexcept { return outputs_at_; }
  std::uint32_t blocks_at() const noexcept { return blocks_at_; }
  /// One behind the last position of the batch that was written.
  std::uint32_t n_positions() const noexcept { return n_positions_; }
  static std::uint64_t bytes_for(std::uint32_t max_tokens, std::uint32_t max_outputs) noexcept;

 private:
  Device& device_;
  std::uint32_t max_tokens_, max_outputs_;
  std::uint32_t runs_at_, outputs_at_, blocks_at_, n_positions_ = 0;
  std::vector<std::uint32_t> words_;
  Memory memory_;
};

}  // namespace wick::opencl

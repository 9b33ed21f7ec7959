// The batch of one run in memory that shaders read (shaders/common.glsl). Not for activations.
#pragma once

#include <wick/abi/graph.h>

#include <memory>

#include "state.h"

namespace wick::vulkan {

class Batch {
 public:
  Batch(Device& device, std::uint32_t max_tokens, std::uint32_t max_outputs);

  /// Throws kBadArgument, before anything is written, for a batch that breaks the contract.
  /// vocab_size 0: token ids are not read.
  void check(const wick_batch& batch, const State* state, std::uint32_t vocab_size) const;
  /// True where the memory had to move: what was recorded with its addresses is void.
  bool write(const wick_batch& batch, const State* state);

  std::uint64_t tokens() const noexcept { return memory_->address(); }
  std::uint64_t runs() const noexcept { return memory_->address() + runs_at_; }
  std::uint64_t outputs() const noexcept { return memory_->address() + outputs_at_; }
  std::uint64_t blocks() const noexcept { return memory_->address() + blocks_at_; }
  std::uint64_t bytes() const noexcept { return memory_->size(); }
  static std::uint64_t bytes_for(std::uint32_t max_tokens, std::uint32_t max_outputs) noexcept;

 private:
  void allocate(std::uint64_t n_blocks);

  Device& device_;
  std::uint32_t max_tokens_, max_outputs_;
  std::uint64_t runs_at_, outputs_at_, blocks_at_, n_blocks_ = 0;
  std::unique_ptr<Memory> memory_;
};

}  // namespace wick::vulkan

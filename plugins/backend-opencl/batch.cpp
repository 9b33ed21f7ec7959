// See batch.h: tokens of 4 words, runs of 4 words, output rows, then the indices of the runs'
// blocks, which grow with the context.
#include "batch.h"

#include <wick/sdk/batch_check.h>

#include <algorithm>

namespace wick::opencl {
namespace {
constexpr std::uint64_t kFirstBlocks = 256;
}  // namespace

std::uint64_t Batch::bytes_for(std::uint32_t max_tokens, std::uint32_t max_outputs) noexcept {
  return (std::uint64_t{max_tokens} * 8 + max_outputs + kFirstBlocks) * sizeof(std::uint32_t);
}

Batch::Batch(Device& device, std::uint32_t max_tokens, std::uint32_t max_outputs)
    : device_(device),
      max_tokens_(max_tokens),
      max_outputs_(max_outputs),
      runs_at_(max_tokens * 4),
      outputs_at_(max_tokens * 8),
      blocks_at_(max_tokens * 8 + max_outputs),
      memory_(device, bytes_for(max_tokens, max_outputs)) {}

void Batch::check(const wick_batch& batch, const State* state, std::uint32_t vocab_size) const {
  sdk::check_batch(batch, {"opencl", max_tokens_, max_outputs_, vocab_size,
                           state ? state->n_blocks() : 0, state != nullptr});
}

void Batch::write(const wick_batch& batch, const State* state) {
  words_.assign(blocks_at_, 0);
  n_positions_ = 0;
  for (std::uint32_t r = 0; r < batch.n_runs; ++r) {
    const wick_run& run = batch.runs[r];
    n_positions_ = std::max(n_positions_, run.first_position + run.n_tokens);
    const std::uint32_t about[4] = {run.first_token, run.n_tokens, run.first_position,
                                    static_cast<std::uint32_t>(words_.size()) - blocks_at_};
    std::copy(std::begin(about), std::end(about), words_.begin() + runs_at_ + r * 4);
    for (std::uint32_t i = 0; i < run.n_tokens; ++i) {
      const std::uint32_t token = run.first_token + i;
      words_[token * 4] = batch.token_ids ? static_cast<std::uint32_t>(batch.token_ids[token]) : 0;
      words_[token * 4 + 1] = batch.positions[token];
      words_[token * 4 + 2] = r;
    }
    if (state) words_.insert(words_.end(), run.blocks, run.blocks + run.n_blocks);
  }
  std::copy(batch.output_rows, batch.output_rows + batch.n_outputs, words_.begin() + outputs_at_);
  const std::uint64_t n_bytes = words_.size() * sizeof words_[0];
  if (n_bytes > memory_.size()) memory_ = Memory(device_, n_bytes * 2);
  device_.check(api().EnqueueWriteBuffer(device_.queue(), memory_.handle(), CL_FALSE, 0, n_bytes,
                                         words_.data(), 0, nullptr, nullptr),
                "clEnqueueWriteBuffer");
}

}  // namespace wick::opencl

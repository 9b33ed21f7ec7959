// See batch.h: tokens of 16 bytes, runs of 16 bytes, output rows, then the addresses of the runs'
// blocks, which grow with the context.
#include "batch.h"

#include <wick/sdk/batch_check.h>

#include <algorithm>
#include <cstring>

namespace wick::vulkan {
namespace {

constexpr std::uint64_t kFirstBlocks = 256;

std::uint64_t aligned(std::uint64_t n_bytes) {
  return (n_bytes + 15) / 16 * 16;
}

template <class T>
void put(std::uint8_t* to, std::uint64_t index, const T& value) {
  std::memcpy(to + index * sizeof value, &value, sizeof value);
}

}  // namespace

std::uint64_t Batch::bytes_for(std::uint32_t max_tokens, std::uint32_t max_outputs) noexcept {
  return std::uint64_t{max_tokens} * 32 + aligned(std::uint64_t{max_outputs} * 4) +
         kFirstBlocks * 8;
}

Batch::Batch(Device& device, std::uint32_t max_tokens, std::uint32_t max_outputs)
    : device_(device),
      max_tokens_(max_tokens),
      max_outputs_(max_outputs),
      runs_at_(std::uint64_t{max_tokens} * 16),
      outputs_at_(runs_at_ * 2),
      blocks_at_(outputs_at_ + aligned(std::uint64_t{max_outputs} * 4)) {
  allocate(kFirstBlocks);
}

void Batch::allocate(std::uint64_t n_blocks) {
  memory_ = std::make_unique<Memory>(device_, blocks_at_ + n_blocks * 8, Place::kShared);
  n_blocks_ = n_blocks;
}

void Batch::check(const wick_batch& batch, const State* state, std::uint32_t vocab_size) const {
  sdk::check_batch(batch, {"vulkan", max_tokens_, max_outputs_, vocab_size,
                           state ? state->n_blocks() : 0, state != nullptr});
}

bool Batch::write(const wick_batch& batch, const State* state) {
  std::uint64_t n_blocks = 0;
  for (std::uint32_t r = 0; state && r < batch.n_runs; ++r) n_blocks += batch.runs[r].n_blocks;
  const bool moves = n_blocks > n_blocks_;
  if (moves) allocate(std::max(n_blocks, n_blocks_ * 2));
  std::uint8_t* to = memory_->mapped();
  std::uint32_t next_block = 0;
  for (std::uint32_t r = 0; r < batch.n_runs; ++r) {
    const wick_run& run = batch.runs[r];
    const std::uint32_t about[4] = {run.first_token, run.n_tokens, run.first_position, next_block};
    put(to + runs_at_, r, about);
    for (std::uint32_t i = 0; i < run.n_tokens; ++i) {
      const std::uint32_t token = run.first_token + i;
      const std::uint32_t id =
          batch.token_ids ? static_cast<std::uint32_t>(batch.token_ids[token]) : 0;
      const std::uint32_t words[4] = {id, batch.positions[token], r, 0};
      put(to, token, words);
    }
    for (std::uint32_t i = 0; state && i < run.n_blocks; ++i)
      put(to + blocks_at_, next_block++, state->block_address(run.blocks[i]));
  }
  for (std::uint32_t i = 0; i < batch.n_outputs; ++i)
    put(to + outputs_at_, i, batch.output_rows[i]);
  return moves;
}

}  // namespace wick::vulkan

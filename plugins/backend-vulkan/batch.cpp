// See batch.h: tokens of 16 bytes, runs of 16 bytes, output rows, then the addresses of the runs'
// blocks, which grow with the context.
#include "batch.h"

#include <algorithm>
#include <cstring>

namespace wick::vulkan {
namespace {

constexpr std::uint32_t kMaxPosition = 1u << 24;
constexpr std::uint64_t kFirstBlocks = 256;

void need(bool condition, const char* what) {
  if (!condition) fail(ErrorCode::kBadArgument, "vulkan: batch: ", what);
}

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

void Batch::check_run(const wick_batch& batch, const wick_run& run, const State* state) const {
  need(run.n_tokens > 0 && run.first_token <= batch.n_tokens &&
           run.n_tokens <= batch.n_tokens - run.first_token,
       "a run leaves the batch");
  need(run.first_position <= kMaxPosition, "a position is beyond 2^24");
  for (std::uint32_t t = 0; t < run.n_tokens; ++t)
    need(batch.positions[run.first_token + t] == run.first_position + t,
         "positions differ from those of the run");
  if (!state) return;
  const std::uint32_t last = run.first_position + run.n_tokens;
  need(run.n_blocks >= (last + WICK_BLOCK_TOKENS - 1) / WICK_BLOCK_TOKENS && run.blocks,
       "a run has too few blocks");
  for (std::uint32_t i = 0; i < run.n_blocks; ++i)
    need(run.blocks[i] < state->n_blocks(), "a block does not exist");
}

void Batch::check(const wick_batch& batch, const State* state, std::uint32_t vocab_size) const {
  need(batch.n_tokens > 0 && batch.n_tokens <= max_tokens_,
       "more tokens than the plan has room for");
  need(batch.n_outputs <= max_outputs_, "more outputs than the plan has room for");
  need(batch.positions && batch.runs && (batch.n_outputs == 0 || batch.output_rows),
       "a part is missing");
  std::uint32_t next = 0;
  for (std::uint32_t i = 0; i < batch.n_runs; ++i) {
    need(batch.runs[i].first_token == next, "runs do not follow one another");
    check_run(batch, batch.runs[i], state);
    next += batch.runs[i].n_tokens;
  }
  need(next == batch.n_tokens, "runs do not cover all tokens");
  for (std::uint32_t i = 0; i < batch.n_outputs; ++i)
    need(batch.output_rows[i] < batch.n_tokens, "an output row is no token");
  if (vocab_size == 0) return;
  need(batch.token_ids, "token ids are missing");
  for (std::uint32_t i = 0; i < batch.n_tokens; ++i)
    need(batch.token_ids[i] >= 0 && static_cast<std::uint32_t>(batch.token_ids[i]) < vocab_size,
         "a token id is not in the vocabulary");
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

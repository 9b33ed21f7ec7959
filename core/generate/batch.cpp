// See batch.h.
#include "generate/batch.h"

#include <wick/sdk/guard.h>

namespace wick {

void Batch::add_run(std::uint32_t sequence, std::span<const std::int32_t> ids,
                    std::uint32_t first_position, std::span<const std::uint32_t> blocks,
                    std::uint32_t n_outputs) {
  wick_run run{};
  run.sequence = sequence;
  run.first_token = n_tokens();
  run.n_tokens = static_cast<std::uint32_t>(ids.size());
  run.first_position = first_position;
  run.n_blocks = (first_position + run.n_tokens + WICK_BLOCK_TOKENS - 1) / WICK_BLOCK_TOKENS;
  run.blocks = blocks.data();
  for (std::uint32_t i = 0; i < run.n_tokens; ++i) {
    ids_.push_back(ids[i]);
    positions_.push_back(first_position + i);
    if (i + n_outputs >= run.n_tokens) outputs_.push_back(run.first_token + i);
  }
  runs_.push_back(run);
}

wick_batch Batch::view() const {
  auto batch = sdk::make<wick_batch>();
  batch.n_tokens = n_tokens();
  batch.token_ids = ids_.data();
  batch.positions = positions_.data();
  batch.n_runs = static_cast<std::uint32_t>(runs_.size());
  batch.n_outputs = n_outputs();
  batch.runs = runs_.data();
  batch.output_rows = outputs_.data();
  return batch;
}

void Batch::clear() {
  ids_.clear();
  positions_.clear();
  outputs_.clear();
  runs_.clear();
}

}  // namespace wick

// Does a batch keep the contract (abi/graph.h)? For backends, before they write anything. Not for
// what is bound to a run.
#pragma once

#include <wick/abi/graph.h>
#include <wick/error.h>

#include <cstdint>

namespace wick {
inline namespace v1 {
namespace sdk {

/// What a plan has room for, and what its graph reads.
struct BatchLimits {
  const char* backend;  ///< for messages
  std::uint32_t max_tokens, max_outputs;
  std::uint32_t vocab_size;  ///< 0: token ids are not read
  std::uint32_t n_blocks;    ///< of the state
  bool has_state;
};

namespace detail {

inline void need_of_batch(const BatchLimits& limits, bool condition, const char* what) {
  if (!condition)
    fail(ErrorCode::kBadArgument, limits.backend, ": the batch breaks the contract: ", what);
}

inline void check_run(const wick_batch& batch, const wick_run& run, const BatchLimits& limits) {
  constexpr std::uint32_t kMaxPosition = 1u << 30;
  const auto need = [&](bool condition, const char* what) {
    need_of_batch(limits, condition, what);
  };
  need(run.n_tokens > 0 && run.first_token <= batch.n_tokens &&
           run.n_tokens <= batch.n_tokens - run.first_token,
       "a run leaves the batch");
  need(run.first_position <= kMaxPosition, "a position is beyond 2^30");
  for (std::uint32_t t = 0; t < run.n_tokens; ++t)
    need(batch.positions[run.first_token + t] == run.first_position + t,
         "positions differ from those of the run");
  if (!limits.has_state) return;
  const std::uint32_t last = run.first_position + run.n_tokens;
  need(run.n_blocks >= (last + WICK_BLOCK_TOKENS - 1) / WICK_BLOCK_TOKENS && run.blocks,
       "a run has too few blocks");
  for (std::uint32_t i = 0; i < run.n_blocks; ++i)
    need(run.blocks[i] < limits.n_blocks, "a block does not exist");
}

}  // namespace detail

/// Throws kBadArgument where it does not.
inline void check_batch(const wick_batch& batch, const BatchLimits& limits) {
  const auto need = [&](bool condition, const char* what) {
    detail::need_of_batch(limits, condition, what);
  };
  need(batch.n_tokens > 0 && batch.n_tokens <= limits.max_tokens,
       "more tokens than the plan has room for");
  need(batch.n_outputs <= limits.max_outputs, "more outputs than the plan has room for");
  need(batch.positions && batch.runs && (batch.n_outputs == 0 || batch.output_rows),
       "a part is missing");
  std::uint32_t next = 0;
  for (std::uint32_t i = 0; i < batch.n_runs; ++i) {
    need(batch.runs[i].first_token == next, "runs do not follow one another");
    detail::check_run(batch, batch.runs[i], limits);
    next += batch.runs[i].n_tokens;
  }
  need(next == batch.n_tokens, "runs do not cover all tokens");
  for (std::uint32_t i = 0; i < batch.n_outputs; ++i)
    need(batch.output_rows[i] < batch.n_tokens, "an output row is no token");
  if (limits.vocab_size == 0) return;
  need(batch.token_ids, "token ids are missing");
  for (std::uint32_t i = 0; i < batch.n_tokens; ++i)
    need(batch.token_ids[i] >= 0 &&
             static_cast<std::uint32_t>(batch.token_ids[i]) < limits.vocab_size,
         "a token id is not in the vocabulary");
}

}  // namespace sdk
}  // namespace v1
}  // namespace wick

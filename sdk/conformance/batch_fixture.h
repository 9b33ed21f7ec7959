// A batch with the memory behind it: runs of sequences, their positions and block tables.
#pragma once

#include <wick/abi/graph.h>
#include <wick/sdk/guard.h>

#include <cstdint>
#include <deque>
#include <vector>

namespace wick::conformance {

struct RunSpec {
  std::uint32_t sequence = 0, first_position = 0, n_tokens = 0;
  std::vector<std::uint32_t> blocks;  ///< of the whole sequence; those beyond the run are left out
};

class BatchFixture {
 public:
  BatchFixture() = default;
  /// token_id(sequence, position) gives the ids; wanted rows are set apart.
  template <class TokenId>
  BatchFixture(const std::vector<RunSpec>& runs, TokenId token_id) {
    for (const RunSpec& spec : runs) {
      const std::uint32_t end = spec.first_position + spec.n_tokens;
      const std::uint32_t n_blocks = (end + WICK_BLOCK_TOKENS - 1) / WICK_BLOCK_TOKENS;
      blocks_.push_back(spec.blocks);
      runs_.push_back({spec.sequence, static_cast<std::uint32_t>(positions_.size()), spec.n_tokens,
                       spec.first_position, n_blocks, 0, blocks_.back().data()});
      for (std::uint32_t p = spec.first_position; p < end; ++p) {
        positions_.push_back(p);
        token_ids_.push_back(token_id(spec.sequence, p));
      }
    }
  }
  BatchFixture(BatchFixture&&) = default;
  BatchFixture& operator=(BatchFixture&&) = default;
  BatchFixture(const BatchFixture&) = delete;
  BatchFixture& operator=(const BatchFixture&) = delete;

  void want(std::vector<std::uint32_t> rows) { output_rows_ = std::move(rows); }
  void want_all() {
    output_rows_.clear();
    for (std::uint32_t i = 0; i < positions_.size(); ++i) output_rows_.push_back(i);
  }

  std::uint32_t n_tokens() const { return static_cast<std::uint32_t>(positions_.size()); }
  std::uint32_t n_outputs() const { return static_cast<std::uint32_t>(output_rows_.size()); }

  /// Points into this object.
  wick_batch get() const {
    auto batch = sdk::make<wick_batch>();
    batch.n_tokens = n_tokens();
    batch.token_ids = token_ids_.data();
    batch.positions = positions_.data();
    batch.n_runs = static_cast<std::uint32_t>(runs_.size());
    batch.n_outputs = n_outputs();
    batch.runs = runs_.data();
    batch.output_rows = output_rows_.data();
    return batch;
  }

 private:
  std::vector<std::int32_t> token_ids_;
  std::vector<std::uint32_t> positions_, output_rows_;
  std::vector<wick_run> runs_;
  std::deque<std::vector<std::uint32_t>> blocks_;
};

}  // namespace wick::conformance

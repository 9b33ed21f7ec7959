// A batch under construction, in the form that backends take.
#pragma once

#include <wick/abi/graph.h>

#include <cstdint>
#include <span>
#include <vector>

namespace wick {

/// Add runs, then take view(). Blocks of a run must stay where they are until the batch has run.
class Batch {
 public:
  Batch(std::uint32_t max_tokens, std::uint32_t max_outputs)
      : max_tokens_(max_tokens), max_outputs_(max_outputs) {}

  std::uint32_t room() const { return max_tokens_ - n_tokens(); }
  std::uint32_t output_room() const {
    return max_outputs_ - static_cast<std::uint32_t>(outputs_.size());
  }
  std::uint32_t n_tokens() const { return static_cast<std::uint32_t>(ids_.size()); }
  std::uint32_t n_outputs() const { return static_cast<std::uint32_t>(outputs_.size()); }
  bool empty() const { return ids_.empty(); }

  /// Tokens of one sequence from first_position on; logits for its last n_outputs tokens. Fits by
  /// the caller's care.
  void add_run(std::uint32_t sequence, std::span<const std::int32_t> ids,
               std::uint32_t first_position, std::span<const std::uint32_t> blocks,
               std::uint32_t n_outputs);
  wick_batch view() const;
  void clear();

 private:
  std::uint32_t max_tokens_, max_outputs_;
  std::vector<std::int32_t> ids_;
  std::vector<std::uint32_t> positions_, outputs_;
  std::vector<wick_run> runs_;
};

}  // namespace wick

// What a model says of the next token: the logits of all, or of the likeliest alone.
#pragma once

#include <cstdint>
#include <span>

namespace wick {

struct LogitsRow {
  LogitsRow() = default;
  /// Of every token: values[id].
  LogitsRow(std::span<const float> logits) : values(logits) {}
  /// Of the n likeliest: n ids, then their logits, as top_k@1 gives them.
  LogitsRow(std::span<const float> ids_and_logits, std::uint32_t n)
      : values(ids_and_logits), n_candidates(n) {}

  std::span<const float> values;
  std::uint32_t n_candidates = 0;  ///< 0: all
};

}  // namespace wick

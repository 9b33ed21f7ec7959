// Penalties against repetition: logits of tokens that came before are lowered.
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <unordered_map>

#include "generate/sampling_options.h"

namespace wick {

/// Counts the last tokens, prompt included.
class Penalties {
 public:
  explicit Penalties(const SamplingOptions& options);
  /// False: nothing would change, so nothing need be counted.
  bool any() const noexcept { return any_; }
  void accept(std::int32_t id);
  /// logit: divided by the repeat penalty where positive, multiplied where not; then lowered by
  /// count times the frequency penalty, and once by the presence penalty. logits[id] is token id's.
  void apply(std::span<float> logits) const;

 private:
  float repeat_, frequency_, presence_;
  std::int32_t last_n_;
  bool any_;
  std::deque<std::int32_t> recent_;  ///< empty where all tokens count
  std::unordered_map<std::int32_t, std::int32_t> counts_;
};

}  // namespace wick

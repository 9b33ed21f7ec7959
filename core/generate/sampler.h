// Chooses the next token from logits: the samplers in their order. Each sampler is a file of its
// own.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "generate/candidates.h"
#include "generate/logits_row.h"
#include "generate/mirostat.h"
#include "generate/penalties.h"
#include "generate/random.h"
#include "generate/sampling_options.h"

namespace wick {

/// How many of the likeliest tokens a chain with these options looks at, whatever came before:
/// their logits alone give the same tokens as those of all. 0: it may look at any.
std::uint32_t candidates_seen(const SamplingOptions& options);

/// Penalties, top-k, typical, top-p, min-p, temperature, draw. Temperature 0: penalties, then the
/// likeliest. Mirostat: penalties, temperature, then its own limit and draw.
///
/// One for each sequence; the same options and logits give the same tokens.
class SamplerChain {
 public:
  /// Errors: kBadArgument (check_sampling_options).
  explicit SamplerChain(const SamplingOptions& options);

  /// Does not accept the token by itself. Errors: kBadArgument (Candidates::assign).
  std::int32_t sample(std::span<const float> logits);
  /// Of a row that has all logits, or at least as many candidates as candidates_seen().
  std::int32_t sample(const LogitsRow& row);
  /// A token that now belongs to the text, the prompt's too: penalties count it.
  void accept(std::int32_t id) { penalties_.accept(id); }

 private:
  std::int32_t choose();
  std::span<const float> penalized(std::span<const float> logits);

  SamplingOptions options_;
  Penalties penalties_;
  std::vector<float> penalized_;  ///< logits, where penalties change some
  std::optional<Mirostat> mirostat_;
  Random random_;
  Candidates candidates_;
};

}  // namespace wick

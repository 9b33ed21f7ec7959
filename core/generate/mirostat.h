// Mirostat, version 2: a limit on surprise that follows what was drawn. Not with top-k and its
// like.
#pragma once

#include "generate/candidates.h"
#include "generate/random.h"
#include "generate/sampling_options.h"

namespace wick {

class Mirostat {
 public:
  explicit Mirostat(const MirostatOptions& options)
      : tau_(options.tau), eta_(options.eta), limit_(2 * options.tau) {}

  /// Drops tokens whose surprise is above the limit (the likeliest stays), draws, and moves the
  /// limit by eta times the drawn token's distance from tau.
  std::int32_t sample(Candidates& candidates, Random& random);
  double limit() const noexcept { return limit_; }  ///< bits

 private:
  double tau_, eta_, limit_;
};

}  // namespace wick

// Min-p: a quotient of probabilities is a difference of logits, so nothing need be summed.
#include "generate/min_p.h"

#include <cmath>
#include <vector>

namespace wick {

void keep_min_p(Candidates& candidates, double min_p) {
  if (min_p <= 0) return;
  const double least = static_cast<double>(candidates.largest_logit()) + std::log(min_p);
  const auto stays = [&](const CandidateToken& candidate) {
    return static_cast<double>(candidate.logit) >= least;
  };
  if (candidates.n_sorted() == candidates.size()) {
    std::size_t n = 0;
    while (n < candidates.size() && stays(candidates.items()[n])) ++n;
    candidates.keep_front(n);
    return;
  }
  std::vector<CandidateToken> kept;
  for (const CandidateToken& candidate : candidates.items())
    if (stays(candidate)) kept.push_back(candidate);
  candidates.replace(std::move(kept));
}

}  // namespace wick

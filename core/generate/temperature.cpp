// Temperature and the final draw.
#include "generate/temperature.h"

namespace wick {

void apply_temperature(Candidates& candidates, double t) {
  if (t == 1) return;
  // Relative to the largest, so that no temperature, however small, makes an infinity of it.
  const auto largest = static_cast<double>(candidates.largest_logit());
  for (CandidateToken& candidate : candidates.items())
    candidate.logit = static_cast<float>((static_cast<double>(candidate.logit) - largest) / t);
  // Rounding may make two equal that were not: then ids would decide.
  candidates.forget_order();
}

Draw draw(Candidates& candidates, Random& random) {
  const float largest = candidates.largest_logit();
  const double total = candidates.sum_of_weights(largest);
  const double target = random.uniform() * total;
  double sum = 0;
  const CandidateToken* drawn = nullptr;
  for (const CandidateToken& candidate : candidates.items()) {
    const double weight = Candidates::weight(candidate.logit, largest);
    if (weight == 0) continue;
    drawn = &candidate;
    sum += weight;
    // The sum is taken in the same order as the total, so the last one is always reached.
    if (sum > target) break;
  }
  return {drawn->id, Candidates::weight(drawn->logit, largest) / total};
}

}  // namespace wick

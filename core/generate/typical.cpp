// Typical sampling. Here nearly the whole order may matter, so what is left by top-k is sorted.
#include "generate/typical.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace wick {
namespace {

struct Typical {
  CandidateToken candidate;
  double probability;
  double distance;  ///< |surprise - entropy|, in nats
};

}  // namespace

void keep_typical(Candidates& candidates, double p) {
  if (p >= 1) return;
  const float largest = candidates.largest_logit();
  const double log_sum =
      std::log(candidates.sum_of_weights(largest)) + static_cast<double>(largest);
  std::vector<Typical> all;
  all.reserve(candidates.size());
  double entropy = 0;
  for (const CandidateToken& candidate : candidates.items()) {
    const double surprise = log_sum - static_cast<double>(candidate.logit);
    const double probability = std::exp(-surprise);
    if (probability == 0) continue;  // cannot come, and its surprise may be infinite
    entropy += probability * surprise;
    all.push_back({candidate, probability, surprise});
  }
  for (Typical& token : all) token.distance = std::abs(token.distance - entropy);
  std::sort(all.begin(), all.end(), [](const Typical& a, const Typical& b) {
    return a.distance != b.distance ? a.distance < b.distance
                                    : is_likelier(a.candidate, b.candidate);
  });
  std::vector<CandidateToken> kept;
  double sum = 0;
  for (const Typical& token : all) {
    kept.push_back(token.candidate);
    sum += token.probability;
    if (sum > p) break;
  }
  candidates.replace(std::move(kept));
}

}  // namespace wick

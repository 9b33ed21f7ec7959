// Mirostat, version 2.
#include "generate/mirostat.h"

#include <cmath>

#include "generate/min_p.h"
#include "generate/temperature.h"

namespace wick {

std::int32_t Mirostat::sample(Candidates& candidates, Random& random) {
  // Surprise below the limit is a probability above 2^-limit; against the largest probability,
  // 1 / sum, that is a bound as min-p has it. A factor above 1 would drop them all: the likeliest
  // stays alone.
  const double sum = candidates.sum_of_weights(candidates.largest_logit());
  const double factor = std::exp2(-limit_) * sum;
  if (factor >= 1)
    candidates.keep_front(1);
  else
    keep_min_p(candidates, factor);
  const Draw drawn = draw(candidates, random);
  limit_ -= eta_ * (-std::log2(drawn.probability) - tau_);
  return drawn.id;
}

}  // namespace wick

// Temperature, and a draw. Not for limiting what may come.
#pragma once

#include "generate/candidates.h"
#include "generate/random.h"

namespace wick {

/// Divides logits, less the largest, by t, above 0: below 1 makes the likely likelier.
void apply_temperature(Candidates& candidates, double t);

struct Draw {
  std::int32_t id;
  double probability;  ///< among the candidates
};

/// One token by its probability. Takes one number from `random`.
Draw draw(Candidates& candidates, Random& random);

}  // namespace wick

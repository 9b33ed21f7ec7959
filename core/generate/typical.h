// Locally typical sampling: tokens whose surprise is near the expected one come first.
#pragma once

#include "generate/candidates.h"

namespace wick {

/// Orders tokens by |surprise - entropy| and keeps the shortest run whose probabilities exceed p,
/// never fewer than one. p of 1 keeps all.
void keep_typical(Candidates& candidates, double p);

}  // namespace wick

// Top-p, or nucleus: only the likeliest tokens that together reach probability p may come.
#pragma once

#include "generate/candidates.h"

namespace wick {

/// Keeps the shortest run of likeliest tokens whose sum is at least p, never fewer than one. p of 1
/// keeps all.
void keep_top_p(Candidates& candidates, double p);

}  // namespace wick

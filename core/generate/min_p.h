// Min-p: only tokens at least min_p times as likely as the likeliest may come.
#pragma once

#include "generate/candidates.h"

namespace wick {

/// min_p of 0 keeps all; the likeliest always stays.
void keep_min_p(Candidates& candidates, double min_p);

}  // namespace wick

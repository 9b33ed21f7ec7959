// Top-k: only the k likeliest tokens may come.
#pragma once

#include <cstdint>

#include "generate/candidates.h"

namespace wick {

/// k of 0 keeps all.
void keep_top_k(Candidates& candidates, std::int32_t k);

}  // namespace wick

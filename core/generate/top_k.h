// Top-k: only the k likeliest tokens may come.
#pragma once

#include <cstdint>
#include <span>

#include "generate/candidates.h"

namespace wick {

/// Candidates become the k likeliest of `logits`, in order; k of 0 keeps all, ids ascending.
/// Errors: kBadArgument (Candidates::assign).
void assign_top_k(Candidates& candidates, std::span<const float> logits, std::int32_t k);

}  // namespace wick

// Top-k.
#include "generate/top_k.h"

namespace wick {

void assign_top_k(Candidates& candidates, std::span<const float> logits, std::int32_t k) {
  if (k > 0)
    candidates.assign_front(logits, static_cast<std::size_t>(k));
  else
    candidates.assign(logits);
}

}  // namespace wick

// Top-k.
#include "generate/top_k.h"

namespace wick {

void keep_top_k(Candidates& candidates, std::int32_t k) {
  if (k > 0) candidates.keep_front(static_cast<std::size_t>(k));
}

}  // namespace wick

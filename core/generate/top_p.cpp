// Top-p. The front is sorted in steps that grow: the nucleus is nearly always short.
#include "generate/top_p.h"

#include <algorithm>

namespace wick {

void keep_top_p(Candidates& candidates, double p) {
  if (p >= 1) return;
  const float largest = candidates.largest_logit();
  const double enough = p * candidates.sum_of_weights(largest);
  double sum = 0;
  std::size_t n = 0;
  while (n < candidates.size()) {
    if (n >= candidates.n_sorted()) candidates.sort_front(std::max<std::size_t>(64, 8 * n));
    sum += Candidates::weight(candidates.items()[n++].logit, largest);
    if (sum >= enough) break;
  }
  candidates.keep_front(n);
}

}  // namespace wick

// silu@1: x * sigmoid(x) (Elfwing et al., 2017, arXiv 1702.03118; Ramachandran et al., 2017, arXiv
// 1710.05941).
#pragma once

#include "conformance/reference/matrix.h"

#include <cmath>

namespace wick::reference {

inline Matrix silu(const Matrix& x) {
  return map(x, [](double v) { return v / (1.0 + std::exp(-v)); });
}

}  // namespace wick::reference

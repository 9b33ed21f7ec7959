// gelu@1: the tanh approximation of Hendrycks and Gimpel, 2016, arXiv 1606.08415.
#pragma once

#include "conformance/reference/matrix.h"

#include <cmath>

namespace wick::reference {

inline Matrix gelu(const Matrix& x) {
  const double k = std::sqrt(2.0 / std::acos(-1.0));
  return map(x,
             [k](double v) { return 0.5 * v * (1.0 + std::tanh(k * (v + 0.044715 * v * v * v))); });
}

}  // namespace wick::reference

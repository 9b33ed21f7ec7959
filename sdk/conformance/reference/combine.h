// combine@1: the weighted sum of what the experts of a row made.
#pragma once

#include "conformance/reference/matrix.h"

namespace wick::reference {

/// y [rows, n_used * width], routes [rows, 2 * n_used]; returns [rows, width].
inline Matrix combine(const Matrix& y, const Matrix& routes) {
  const std::size_t n_used = routes.width / 2;
  Matrix out(y.n_rows, y.width / n_used);
  for (std::size_t t = 0; t < y.n_rows; ++t)
    for (std::size_t k = 0; k < n_used; ++k)
      for (std::size_t i = 0; i < out.width; ++i)
        out.row(t)[i] += routes.row(t)[n_used + k] * y.row(t)[k * out.width + i];
  return out;
}

}  // namespace wick::reference

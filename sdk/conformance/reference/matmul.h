// matmul@1: every row of x times every row of w.
#pragma once

#include "conformance/reference/matrix.h"

namespace wick::reference {

/// x [rows, n_in], w [n_out, n_in]; returns [rows, n_out].
inline Matrix matmul(const Matrix& x, const Matrix& w) {
  Matrix out(x.n_rows, w.n_rows);
  for (std::size_t t = 0; t < x.n_rows; ++t)
    for (std::size_t o = 0; o < w.n_rows; ++o) {
      double sum = 0;
      for (std::size_t i = 0; i < x.width; ++i) sum += x.row(t)[i] * w.row(o)[i];
      out.row(t)[o] = sum;
    }
  return out;
}

}  // namespace wick::reference

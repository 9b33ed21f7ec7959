// mul@1: the product of two activations, or of an activation and one vector for every row.
#pragma once

#include "conformance/reference/matrix.h"

namespace wick::reference {

/// a [rows, width]; b of the same shape, or one row [width].
inline Matrix mul(const Matrix& a, const Matrix& b) {
  Matrix out(a.n_rows, a.width);
  for (std::size_t t = 0; t < a.n_rows; ++t)
    for (std::size_t i = 0; i < a.width; ++i)
      out.row(t)[i] = a.row(t)[i] * b.row(b.n_rows == 1 ? 0 : t)[i];
  return out;
}

}  // namespace wick::reference

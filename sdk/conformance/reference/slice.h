// slice@1: some consecutive columns of every row.
#pragma once

#include "conformance/reference/matrix.h"

#include <algorithm>

namespace wick::reference {

/// x [rows, width]; returns [rows, length]: columns begin .. begin + length - 1.
inline Matrix slice(const Matrix& x, std::size_t begin, std::size_t length) {
  Matrix y(x.n_rows, length);
  for (std::size_t t = 0; t < x.n_rows; ++t) std::copy_n(x.row(t) + begin, length, y.row(t));
  return y;
}

}  // namespace wick::reference

// matmul_experts@1: every row by the matrices of its own experts.
#pragma once

#include "conformance/reference/matmul.h"

#include <algorithm>
#include <vector>

namespace wick::reference {

/// Rows first .. first + n of a matrix.
inline Matrix rows_of(const Matrix& m, std::size_t first, std::size_t n) {
  Matrix part(n, m.width);
  std::copy_n(m.row(first), n * m.width, part.values.begin());
  return part;
}

/// What slot k of row t multiplies: all of x's row, or its own part, as one row.
inline Matrix slot_input(const Matrix& x, std::size_t t, std::size_t k, std::size_t n_in) {
  Matrix part(1, n_in);
  std::copy_n(x.row(t) + (x.width == n_in ? 0 : k * n_in), n_in, part.values.begin());
  return part;
}

/// x [rows, n_in] or [rows, n_used * n_in], routes [rows, 2 * n_used], w [n_experts * n_out, n_in];
/// returns [rows, n_used * n_out].
inline Matrix matmul_experts(const Matrix& x, const Matrix& routes, const Matrix& w,
                             std::size_t n_experts) {
  const std::size_t n_used = routes.width / 2, n_out = w.n_rows / n_experts;
  std::vector<Matrix> experts;
  for (std::size_t e = 0; e < n_experts; ++e) experts.push_back(rows_of(w, e * n_out, n_out));
  Matrix out(x.n_rows, n_used * n_out);
  for (std::size_t t = 0; t < x.n_rows; ++t)
    for (std::size_t k = 0; k < n_used; ++k) {
      const auto expert = static_cast<std::size_t>(routes.row(t)[k]);
      const Matrix y = matmul(slot_input(x, t, k, w.width), experts[expert]);
      std::copy_n(y.values.begin(), n_out, out.row(t) + k * n_out);
    }
  return out;
}

}  // namespace wick::reference

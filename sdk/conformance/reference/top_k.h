// top_k@1: the largest values of every row, and their columns.
#pragma once

#include "conformance/reference/matrix.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

namespace wick::reference {

/// x [rows, width]; returns [rows, 2 * k]: columns, then their values, by falling value. Of equals
/// the lower column comes first; a NaN equals +infinity.
inline Matrix top_k(const Matrix& x, std::size_t k) {
  const auto rank = [](double v) {
    return std::isnan(v) ? std::numeric_limits<double>::infinity() : v;
  };
  Matrix y(x.n_rows, 2 * k);
  std::vector<std::size_t> columns(x.width);
  for (std::size_t t = 0; t < x.n_rows; ++t) {
    const double* row = x.row(t);
    std::iota(columns.begin(), columns.end(), std::size_t{0});
    std::stable_sort(columns.begin(), columns.end(),
                     [&](std::size_t a, std::size_t b) { return rank(row[a]) > rank(row[b]); });
    for (std::size_t i = 0; i < k; ++i) {
      y.row(t)[i] = static_cast<double>(columns[i]);
      y.row(t)[k + i] = row[columns[i]];
    }
  }
  return y;
}

}  // namespace wick::reference

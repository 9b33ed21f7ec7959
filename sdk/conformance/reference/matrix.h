// What the reference ops work on: rows of doubles. Not fast and not meant to be.
#pragma once

#include <cstddef>
#include <vector>

namespace wick::reference {

/// An activation [n_rows, width] or a weight; row-major. A weight vector is one row.
struct Matrix {
  std::size_t n_rows = 0, width = 0;
  std::vector<double> values;

  Matrix() = default;
  Matrix(std::size_t rows, std::size_t columns)
      : n_rows(rows), width(columns), values(rows * columns) {}
  double* row(std::size_t i) { return values.data() + i * width; }
  const double* row(std::size_t i) const { return values.data() + i * width; }
};

/// f(x) of every value.
template <class Function>
Matrix map(const Matrix& x, Function f) {
  Matrix y(x.n_rows, x.width);
  for (std::size_t i = 0; i < x.values.size(); ++i) y.values[i] = f(x.values[i]);
  return y;
}

}  // namespace wick::reference

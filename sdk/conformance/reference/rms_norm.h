// rms_norm@1: Zhang and Sennrich, 2019, arXiv 1910.07467. Applied to every consecutive part of a
// row that is as long as the weight, so a weight of head_dim values normalizes heads.
#pragma once

#include "conformance/reference/matrix.h"

#include <cmath>

namespace wick::reference {

/// x [rows, width], w [part] where part divides width: y = x / sqrt(mean(x^2) + epsilon) * w.
inline Matrix rms_norm(const Matrix& x, const Matrix& w, double epsilon) {
  const std::size_t part = w.values.size();
  Matrix y(x.n_rows, x.width);
  for (std::size_t first = 0; first < x.values.size(); first += part) {
    double sum = 0;
    for (std::size_t i = 0; i < part; ++i) sum += x.values[first + i] * x.values[first + i];
    const double root = std::sqrt(sum / static_cast<double>(part) + epsilon);
    for (std::size_t i = 0; i < part; ++i)
      y.values[first + i] = x.values[first + i] / root * w.values[i];
  }
  return y;
}

}  // namespace wick::reference

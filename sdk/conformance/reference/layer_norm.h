// layer_norm@1: Ba, Kiros and Hinton, 2016, arXiv 1607.06450, over every consecutive part of a row
// that is as long as the weight.
#pragma once

#include "conformance/reference/matrix.h"

#include <cmath>

namespace wick::reference {

/// x [rows, width], w [part] where part divides width, b [part] or null:
/// y = (x - mean) / sqrt(variance + epsilon) * w + b.
inline Matrix layer_norm(const Matrix& x, const Matrix& w, const Matrix* b, double epsilon) {
  const std::size_t part = w.values.size();
  Matrix y(x.n_rows, x.width);
  for (std::size_t first = 0; first < x.values.size(); first += part) {
    double mean = 0, variance = 0;
    for (std::size_t i = 0; i < part; ++i) mean += x.values[first + i];
    mean /= static_cast<double>(part);
    for (std::size_t i = 0; i < part; ++i) {
      const double distance = x.values[first + i] - mean;
      variance += distance * distance;
    }
    variance /= static_cast<double>(part);
    const double root = std::sqrt(variance + epsilon);
    for (std::size_t i = 0; i < part; ++i)
      y.values[first + i] =
          (x.values[first + i] - mean) / root * w.values[i] + (b ? b->values[i] : 0.0);
  }
  return y;
}

}  // namespace wick::reference

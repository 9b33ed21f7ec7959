// How far products with a weight may be off. Notation: see tolerances.h.
#pragma once

#include "conformance/reference/matrix.h"
#include "conformance/weight_data.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace wick::conformance {

struct Bounds {
  reference::Matrix worst;  ///< no value may be farther off
  reference::Matrix sigma;  ///< expected spread where errors are random; empty where they are not
};

/// For every column of a row, the largest magnitude in the aligned group of 256 that it lies in.
/// Activation groups are 32 to 256 values long and start at multiples of their length.
inline std::vector<double> group_peaks(const double* row, std::size_t width) {
  std::vector<double> peaks(width);
  for (std::size_t first = 0; first < width; first += 256) {
    const std::size_t end = std::min(first + 256, width);
    double peak = 0;
    for (std::size_t i = first; i < end; ++i) peak = std::max(peak, std::fabs(row[i]));
    for (std::size_t i = first; i < end; ++i) peaks[i] = peak;
  }
  return peaks;
}

/// A weight as its bounds need it: values, and magnitudes of the terms that make them.
struct WeightTerms {
  reference::Matrix values, terms, apart;

  WeightTerms() = default;
  WeightTerms(const reference::Matrix& w, const WeightData& data)
      : values(w), terms(data.magnitudes(false)), apart(data.magnitudes(true)) {}
};

/// Precise: n_in products of a decoded weight (3 more roundings: scale, code, min), summed.
/// Fast: x is rounded to a grid of step peak / 127, so it is off by peak / 254; the grid's step
/// may be held in f16 and so may decoded weights: 2^-11 of the product each. Where those errors
/// are independent and uniform their variance is step^2 / 12 and a third of the square of a
/// bound. A backend may apply the min to x before or after rounding, so the spread is that of a
/// weight between |w| and its two terms.
inline Bounds matmul_bounds(const reference::Matrix& x, const WeightTerms& w, bool precise) {
  const std::size_t n_out = w.values.n_rows;
  Bounds b{{x.n_rows, n_out}, {}};
  if (!precise) b.sigma = reference::Matrix(x.n_rows, n_out);
  const double roundings = (static_cast<double>(x.width) + 4) * 0x1p-24;
  for (std::size_t t = 0; t < x.n_rows; ++t) {
    const std::vector<double> peaks = group_peaks(x.row(t), x.width);
    for (std::size_t o = 0; o < n_out; ++o) {
      double rounded = 0, quantized = 0, variance = 0;
      for (std::size_t i = 0; i < x.width; ++i) {
        const double a = std::fabs(x.row(t)[i]), half = 0x1p-11 * a, m = w.terms.row(o)[i];
        const double spread = (m + std::fabs(w.values.row(o)[i])) / 2;
        rounded += w.apart.row(o)[i] * a;
        quantized += m * (peaks[i] / 254 + 2 * half);
        variance += spread * spread * (peaks[i] * peaks[i] / (127.0 * 127 * 12) + half * half);
      }
      b.worst.row(t)[o] = roundings * rounded + (precise ? 0.0 : quantized);
      if (!precise) b.sigma.row(t)[o] = std::sqrt(variance) + roundings * rounded;
    }
  }
  return b;
}

}  // namespace wick::conformance

// rope@1: rotary position embedding (Su et al., 2021, arXiv 2104.09864) with frequency factors,
// linear scaling and YaRN (Peng et al., 2023, arXiv 2309.00071).
#pragma once

#include "conformance/reference/matrix.h"

#include <wick/abi/graph.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace wick::reference {

/// Attributes of the node. Defaults are those of an absent attribute.
struct RopeParameters {
  std::int64_t head_dim = 0, n_rotary = 0;
  std::int64_t layout = 0;  ///< 0: pairs (2i, 2i + 1); 1: pairs (i, i + n_rotary / 2)
  std::int64_t original_context = 0;
  double base = 10000.0, scale = 1.0;
  double ext_factor = 0.0, attn_factor = 1.0, beta_fast = 32.0, beta_slow = 1.0;
};

/// The pair index whose frequency turns `beta` times within the original context.
inline double yarn_dim(const RopeParameters& p, double beta) {
  const double two_pi = 2.0 * std::acos(-1.0);
  const double context = static_cast<double>(p.original_context);
  return static_cast<double>(p.n_rotary) * std::log(context / (beta * two_pi)) /
         (2.0 * std::log(p.base));
}

/// How much of pair i keeps its unscaled angle: ext_factor for fast pairs, 0 for slow ones.
inline double yarn_mix(const RopeParameters& p, std::size_t i) {
  const double low = std::max(0.0, std::floor(yarn_dim(p, p.beta_fast)));
  const double high =
      std::min(static_cast<double>(p.n_rotary - 1), std::ceil(yarn_dim(p, p.beta_slow)));
  const double along = (static_cast<double>(i) - low) / std::max(0.001, high - low);
  return (1.0 - std::min(1.0, std::max(0.0, along))) * p.ext_factor;
}

/// Angle of pair i at a position; factor divides the frequency.
inline double rope_angle(const RopeParameters& p, std::size_t i, double position, double factor) {
  const double exponent = -2.0 * static_cast<double>(i) / static_cast<double>(p.n_rotary);
  const double unscaled = position * std::pow(p.base, exponent) / factor;
  const double scaled = p.scale * unscaled;
  if (p.ext_factor == 0.0) return scaled;
  const double mix = yarn_mix(p, i);
  return scaled * (1.0 - mix) + unscaled * mix;
}

/// What the rotated values are multiplied with.
inline double rope_magnitude(const RopeParameters& p) {
  if (p.ext_factor == 0.0) return p.attn_factor;
  return p.attn_factor * (1.0 + 0.1 * std::log(1.0 / p.scale));
}

/// x [n_tokens, n * head_dim]; factors [n_rotary / 2] or null. Values behind n_rotary of each head
/// stay as they are.
inline Matrix rope(const Matrix& x, const Matrix* factors, const RopeParameters& p,
                   const wick_batch& batch) {
  Matrix y = x;
  const auto head_dim = static_cast<std::size_t>(p.head_dim);
  const auto n_pairs = static_cast<std::size_t>(p.n_rotary / 2);
  const double magnitude = rope_magnitude(p);
  for (std::size_t t = 0; t < x.n_rows; ++t)
    for (std::size_t i = 0; i < n_pairs; ++i) {
      const double factor = factors ? factors->values[i] : 1.0;
      const double angle = rope_angle(p, i, static_cast<double>(batch.positions[t]), factor);
      const double c = std::cos(angle) * magnitude, s = std::sin(angle) * magnitude;
      const std::size_t first = p.layout == 0 ? 2 * i : i;
      const std::size_t second = p.layout == 0 ? 2 * i + 1 : i + n_pairs;
      for (std::size_t head = 0; head < x.width; head += head_dim) {
        const double a = x.row(t)[head + first], b = x.row(t)[head + second];
        y.row(t)[head + first] = a * c - b * s;
        y.row(t)[head + second] = a * s + b * c;
      }
    }
  return y;
}

}  // namespace wick::reference

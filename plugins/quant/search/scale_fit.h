// One scale for each group, no min: scales from a grid around the one that just holds the largest
// value, then alternately codes for the scale and the scale of least squares for the codes.
#pragma once

#include "search/levels.h"
#include "search/panel.h"

namespace wick::quant {
namespace {

/// A scale, and what its nearest levels q give: weighted sums over the group.
struct ScaleFit {
  Floats scale, error;
  Floats xq, qq;  ///< of value * level and of level * level

  /// The best scale for these levels.
  Floats solved() const { return quotient(xq, qq); }
};

template <class Levels>
ScaleFit try_scale(const Panel& panel, int first, const Levels& levels, Floats scale) {
  const Floats inverse = quotient(splat(1.0f), scale);
  ScaleFit fit{scale, {}, {}, {}};
  for (int i = 0; i < panel.n_values; ++i) {
    const Floats x = panel.value(i, first), w = panel.weight(i, first);
    const Floats q = levels.nearest(x * inverse);
    const Floats rest = x - scale * q, wq = w * q;
    fit.error += w * rest * rest;
    fit.xq += wq * x;
    fit.qq += wq * q;
  }
  return fit;
}

inline void keep_better(ScaleFit& best, const ScaleFit& tried) {
  const Ints better = tried.error < best.error;
  best.scale = select(better, tried.scale, best.scale);
  best.error = select(better, tried.error, best.error);
  best.xq = select(better, tried.xq, best.xq);
  best.qq = select(better, tried.qq, best.qq);
}

/// The value of the largest magnitude, with its sign.
inline Floats largest_of(const Panel& panel, int first) {
  Floats largest{};
  for (int i = 0; i < panel.n_values; ++i) {
    const Floats x = panel.value(i, first);
    largest = select(magnitude(x) > magnitude(largest), x, largest);
  }
  return largest;
}

/// Where the largest value may lie, in levels: from just within the last one to well beyond, where
/// it is clipped for the good of the others.
struct ScaleGrid {
  float places[24];
  int n = 0;
};

template <class Levels>
ScaleGrid grid_of(const Levels& levels) {
  ScaleGrid grid;
  if (levels.high() == 1) {  // three values: the largest says little of the scale
    for (float place = 0.8f; grid.n < 24; place *= 1.18f) grid.places[grid.n++] = place;
    return grid;
  }
  for (const float end : {levels.low(), levels.high()}) {
    const float step = end < 0 ? -levels.step() : levels.step();
    for (float beyond = Levels::kGridFrom; beyond < 1.4f; beyond += Levels::kGridStep)
      grid.places[grid.n++] = end + beyond * step;
  }
  return grid;
}

template <class Levels>
ScaleFit best_scale(const Panel& panel, int first, const Levels& levels, const ScaleGrid& grid) {
  const Floats largest = largest_of(panel, first);
  ScaleFit best = try_scale(panel, first, levels, largest * (1.0f / grid.places[0]));
  for (int i = 1; i < grid.n; ++i)
    keep_better(best, try_scale(panel, first, levels, largest * (1.0f / grid.places[i])));
  for (int round = 0; round < 3; ++round)
    keep_better(best, try_scale(panel, first, levels, best.solved()));
  return best;
}

}  // namespace
}  // namespace wick::quant

// A scale and a min for each group, value = scale * q - min: ranges from a grid around that of the
// values, then alternately codes and both by least squares.
#pragma once

#include "search/panel.h"

namespace wick::quant {
namespace {

/// What does not depend on the codes.
struct MinTask {
  const Panel* panel;
  int first;
  float top;              ///< the largest code
  bool has_negative_min;  ///< else mins are 0 or more
  Floats w, xw;           ///< sums of the weights and of value * weight

  Floats allowed(Floats min) const { return has_negative_min ? min : greatest(min, Floats{}); }
};

struct MinFit {
  Floats scale, min, error;
  Floats q, qq, xq;  ///< weighted sums over the group
};

inline MinTask min_task(const Panel& panel, int first, float top, bool has_negative_min) {
  MinTask task{&panel, first, top, has_negative_min, {}, {}};
  for (int i = 0; i < panel.n_values; ++i) {
    const Floats w = panel.weight(i, first);
    task.w += w;
    task.xw += w * panel.value(i, first);
  }
  return task;
}

inline MinFit try_min(const MinTask& task, Floats scale, Floats min) {
  const Panel& panel = *task.panel;
  const Floats inverse = quotient(splat(1.0f), scale);
  MinFit fit{scale, min, {}, {}, {}, {}};
  for (int i = 0; i < panel.n_values; ++i) {
    const Floats x = panel.value(i, task.first), w = panel.weight(i, task.first);
    const Floats raised = x + min;
    const Floats q = rounded(within(raised * inverse, 0.0f, task.top));
    const Floats rest = raised - scale * q, wq = w * q;
    fit.error += w * rest * rest;
    fit.q += wq;
    fit.qq += wq * q;
    fit.xq += wq * x;
  }
  return fit;
}

inline void keep_better(MinFit& best, const MinFit& tried) {
  const Ints better = tried.error < best.error;
  best.scale = select(better, tried.scale, best.scale);
  best.min = select(better, tried.min, best.min);
  best.error = select(better, tried.error, best.error);
  best.q = select(better, tried.q, best.q);
  best.qq = select(better, tried.qq, best.qq);
  best.xq = select(better, tried.xq, best.xq);
}

/// The best min for the codes of fit under this scale, and the best scale under this min.
inline Floats min_for(const MinTask& task, const MinFit& fit, Floats scale) {
  return task.allowed(quotient(scale * fit.q - task.xw, task.w));
}
inline Floats scale_for(const MinFit& fit, Floats min) {
  return quotient(fit.xq + min * fit.q, fit.qq);
}

/// Tries the best scale and min for the codes of fit.
inline MinFit try_solved(const MinTask& task, const MinFit& fit) {
  const Floats spread = task.w * fit.qq - fit.q * fit.q;
  const Ints has_spread = spread > 1e-6f * task.w * fit.qq;
  const Floats free = quotient(task.w * fit.xq - task.xw * fit.q, spread);
  Floats scale = select(has_spread, free, fit.scale);
  const Floats min = min_for(task, fit, scale);
  // Where the min was not allowed, the scale alone is fit.
  scale = select(has_spread, scale_for(fit, min), scale);
  return try_min(task, scale, min);
}

inline MinFit best_min(const MinTask& task) {
  Floats low = task.panel->value(0, task.first), high = low;
  for (int i = 1; i < task.panel->n_values; ++i) {
    const Floats x = task.panel->value(i, task.first);
    low = least(low, x);
    high = greatest(high, x);
  }
  if (!task.has_negative_min) low = least(low, Floats{});
  const Floats range = high - low, middle = (high + low) * 0.5f;
  MinFit best{};
  bool is_first = true;
  for (const float beyond : {-0.9f, -0.5f, -0.1f, 0.3f, 0.7f, 1.2f, 1.8f}) {
    const Floats scale = range * (1.0f / (task.top + beyond));
    const Floats centered = scale * (task.top * 0.5f) - middle;
    for (const Floats min : {centered, scale * rounded(quotient(centered, scale))}) {
      const MinFit tried = try_min(task, scale, task.allowed(min));
      if (is_first) best = tried;
      is_first = false;
      keep_better(best, tried);
      keep_better(best, try_solved(task, tried));
    }
  }
  for (int round = 0; round < 2; ++round) keep_better(best, try_solved(task, best));
  return best;
}

}  // namespace
}  // namespace wick::quant

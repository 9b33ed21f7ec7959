// Formats with one level: the scale and min that were found, as their type stores them.
#pragma once

#include "search/min_fit.h"
#include "search/scale_fit.h"

namespace wick::quant {
namespace {

inline Floats stored_scale(const Panel& panel, int first, Floats scale) {
  return nearest_f16_scale(scale * load(panel.unit + first)) * load(panel.per_unit + first);
}
inline Floats stored_min(const Panel& panel, int first, Floats min) {
  return nearest_f16(min * load(panel.unit + first)) * load(panel.per_unit + first);
}

/// A bit more than half the step of subnormal f16, in units.
inline Floats above_zero(const Panel& panel, int first) {
  return 0x1.1p-25f * magnitude(load(panel.per_unit + first));
}

/// The power of two, of those that put the largest value into the table's last two octaves or one
/// beyond, that loses least. Never below 2^-127, the least of E8M0, nor so large that 7 times it
/// would be no float.
template <class Levels>
Floats best_power(const Panel& panel, int first, const Levels& levels) {
  const Floats largest = largest_of(panel, first);
  const Floats octave = floats_of(bits_of(largest) & 0x7f800000);
  ScaleFit best{};
  bool is_first = true;
  for (const float part : {0.25f, 0.5f, 0.125f}) {
    const Floats wanted = within(octave * part * load(panel.unit + first), 0x1p-127f, 0x1p125f);
    const ScaleFit tried = try_scale(panel, first, levels, wanted * load(panel.per_unit + first));
    if (is_first) best = tried;
    is_first = false;
    keep_better(best, tried);
  }
  return best.scale;
}

/// A scale may be 0: a table without a 0 then loses less of values that are below the smallest.
template <class Levels>
Floats best_stored_scale(const Panel& panel, int first, const Levels& levels,
                         const ScaleGrid& grid) {
  const ScaleFit found = best_scale(panel, first, levels, grid);
  ScaleFit best = try_scale(panel, first, levels, Floats{});
  keep_better(best, try_scale(panel, first, levels, stored_scale(panel, first, found.scale)));
  keep_better(best, try_scale(panel, first, levels, stored_scale(panel, first, best.solved())));
  return best.scale;
}

/// The min is stored first, for its rounding is the coarser, and the scale follows it; then the min
/// follows that scale and the f16 above it, which is far off where f16 is subnormal.
inline MinFit best_stored_min(const Panel& panel, int first, float top) {
  const MinTask task = min_task(panel, first, top, /*has_negative_min=*/true);
  const MinFit found = best_min(task);
  const Floats min = stored_min(panel, first, found.min);
  const Floats scale = stored_scale(panel, first, scale_for(found, min));
  MinFit best = try_min(task, scale, min);
  const Floats above =
      stored_scale(panel, first, scale * (1 + 0x1p-10f) + above_zero(panel, first));
  for (const Floats tried : {scale, above}) {
    const Floats suited = stored_min(panel, first, min_for(task, best, tried));
    keep_better(best, try_min(task, tried, suited));
  }
  keep_better(best, try_min(task, stored_scale(panel, first, scale_for(best, best.min)), best.min));
  return best;
}

}  // namespace
}  // namespace wick::quant

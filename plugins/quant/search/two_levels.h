// Formats with two levels and no min: each group's scale is a multiple of its block's step.
#pragma once

#include "search/scale_fit.h"
#include "search/second_level.h"

namespace wick::quant {
namespace {

/// For each lane.
struct SubScaleFit {
  alignas(64) float steps[kGroupsAtOnce];
  alignas(64) float multiples[kGroupsAtOnce];
  alignas(64) float error[kGroupsAtOnce];
  alignas(64) float xq[kGroupsAtOnce];
  alignas(64) float qq[kGroupsAtOnce];
};

/// The multiples around the wanted scales that lose least under fit.steps.
template <class Levels>
void fit_multiples(const Panel& panel, const Levels& levels, SubRange range, const float* wanted,
                   SubScaleFit& fit) {
  for (int first = 0; first < panel.n_lanes; first += kLanes) {
    const Floats step = load(fit.steps + first);
    const Floats nearest =
        rounded(within(quotient(load(wanted + first), step), range.low, range.high));
    Floats multiple = nearest;
    ScaleFit best = try_scale(panel, first, levels, step * nearest);
    for (const float beside : {-1.0f, 1.0f}) {
      const Floats other = within(nearest + beside, range.low, range.high);
      const ScaleFit tried = try_scale(panel, first, levels, step * other);
      multiple = select(tried.error < best.error, other, multiple);
      keep_better(best, tried);
    }
    store(fit.multiples + first, multiple);
    store(fit.error + first, best.error);
    store(fit.xq + first, best.xq);
    store(fit.qq + first, best.qq);
  }
}

/// The step of least squares for the multiples and codes of one block.
inline float solved_step(const Panel& panel, int block, const SubScaleFit& fit) {
  float xq = 0, qq = 0;
  const int from = block * panel.lanes_per_block;
  for (int i = from; i < from + panel.lanes_per_block; ++i) {
    xq += fit.multiples[i] * fit.xq[i];
    qq += fit.multiples[i] * fit.multiples[i] * fit.qq[i];
  }
  const float step = qq > 1e-30f ? xq / qq : 0.0f;
  return nearest_f16_scale(step * panel.unit[from]) * panel.per_unit[from];
}

inline void copy_block(const Panel& panel, int block, const SubScaleFit& from, SubScaleFit& to) {
  const int first = block * panel.lanes_per_block;
  for (int i = first; i < first + panel.lanes_per_block; ++i) {
    to.steps[i] = from.steps[i];
    to.multiples[i] = from.multiples[i];
    to.error[i] = from.error[i];
    to.xq[i] = from.xq[i];
    to.qq[i] = from.qq[i];
  }
}

template <class Levels>
void best_sub_scales(const Panel& panel, int n_blocks, const Levels& levels, SubRange range,
                     SubScaleFit& best) {
  alignas(64) Wanted wanted;
  const ScaleGrid grid = grid_of(levels);
  for (int first = 0; first < panel.n_lanes; first += kLanes) {
    const ScaleFit free = best_scale(panel, first, levels, grid);
    store(wanted.values + first, free.scale);
    store(wanted.costs + first, free.qq);
    store(best.steps + first, Floats{});
  }
  for (int block = 0; block < n_blocks; ++block)
    spread(panel, block, best_step(panel, block, wanted, range), best.steps);
  fit_multiples(panel, levels, range, wanted.values, best);
  for (int round = 0; round < 2; ++round) {
    SubScaleFit tried = best;
    for (int first = 0; first < panel.n_lanes; first += kLanes)
      store(wanted.values + first, quotient(load(best.xq + first), load(best.qq + first)));
    for (int block = 0; block < n_blocks; ++block)
      spread(panel, block, solved_step(panel, block, best), tried.steps);
    fit_multiples(panel, levels, range, wanted.values, tried);
    for (int block = 0; block < n_blocks; ++block)
      if (total(panel, block, tried.error) < total(panel, block, best.error))
        copy_block(panel, block, tried, best);
  }
}

}  // namespace
}  // namespace wick::quant

// Formats with two levels and mins: each group's scale and min are multiples of two steps that the
// block stores.
#pragma once

#include "search/min_fit.h"
#include "search/second_level.h"

namespace wick::quant {
namespace {

/// For each lane.
struct SubMinFit {
  alignas(64) float steps[kGroupsAtOnce];
  alignas(64) float min_steps[kGroupsAtOnce];
  alignas(64) float multiples[kGroupsAtOnce];
  alignas(64) float min_multiples[kGroupsAtOnce];
  alignas(64) float error[kGroupsAtOnce];
  alignas(64) float q[kGroupsAtOnce];
  alignas(64) float qq[kGroupsAtOnce];
  alignas(64) float xq[kGroupsAtOnce];
  alignas(64) float w[kGroupsAtOnce];
  alignas(64) float xw[kGroupsAtOnce];

  MinFit at(int first) const {
    return {load(steps + first) * load(multiples + first),
            load(min_steps + first) * load(min_multiples + first),
            load(error + first),
            load(q + first),
            load(qq + first),
            load(xq + first)};
  }
  void put(int first, const MinFit& fit) {
    store(error + first, fit.error);
    store(q + first, fit.q);
    store(qq + first, fit.qq);
    store(xq + first, fit.xq);
  }
};

/// The multiples that lose least under the steps of fit, beginning with the codes of `free`: a few
/// scales around the wanted ones, each with the min that suits it, twice.
inline void fit_pairs(const MinTask& task, SubRange range, const MinFit& free, SubMinFit& fit) {
  const int first = task.first;
  const Floats step = load(fit.steps + first), min_step = load(fit.min_steps + first);
  const Floats nearest = rounded(within(quotient(free.scale, step), range.low, range.high));
  Floats multiple{}, min_multiple{};
  MinFit best{};
  best.error = splat(3e38f);
  for (const float beside : {0.0f, -1.0f, 1.0f}) {
    const Floats tried = within(nearest + beside, range.low, range.high);
    MinFit codes = free;
    for (int round = 0; round < 2; ++round) {
      const Floats min = quotient(min_for(task, codes, step * tried), min_step);
      const Floats tried_min = rounded(within(min, range.low, range.high));
      codes = try_min(task, step * tried, min_step * tried_min);
      const Ints better = codes.error < best.error;
      multiple = select(better, tried, multiple);
      min_multiple = select(better, tried_min, min_multiple);
      keep_better(best, codes);
    }
  }
  store(fit.multiples + first, multiple);
  store(fit.min_multiples + first, min_multiple);
  fit.put(first, best);
}

/// The two steps of least squares for the multiples and codes of one block; only one of them where
/// they cannot be told apart.
inline void solve_steps(const Panel& panel, int block, const SubMinFit& fit, SubMinFit& solved) {
  const int from = block * panel.lanes_per_block;
  float qq = 0, qm = 0, mm = 0, xq = 0, xm = 0;
  for (int i = from; i < from + panel.lanes_per_block; ++i) {
    const float k = fit.multiples[i], m = fit.min_multiples[i];
    qq += k * k * fit.qq[i];
    qm += k * m * fit.q[i];
    mm += m * m * fit.w[i];
    xq += k * fit.xq[i];
    xm += m * fit.xw[i];
  }
  float step = fit.steps[from];
  float min_step = mm > 0 ? (step * qm - xm) / mm : fit.min_steps[from];
  const float spread_of_both = qq * mm - qm * qm;
  if (spread_of_both > 1e-5f * qq * mm) {
    step = (mm * xq - qm * xm) / spread_of_both;
    min_step = (qm * xq - qq * xm) / spread_of_both;
  } else if (mm == 0 && qq > 0) {
    step = xq / qq;
  }
  const float unit = panel.unit[from], per_unit = panel.per_unit[from];
  spread(panel, block, nearest_f16_scale(step * unit) * per_unit, solved.steps);
  spread(panel, block, nearest_f16_scale(min_step * unit) * per_unit, solved.min_steps);
}

inline void copy_block(const Panel& panel, int block, const SubMinFit& from, SubMinFit& to) {
  const int first = block * panel.lanes_per_block;
  for (int i = first; i < first + panel.lanes_per_block; ++i) {
    to.steps[i] = from.steps[i];
    to.min_steps[i] = from.min_steps[i];
    to.multiples[i] = from.multiples[i];
    to.min_multiples[i] = from.min_multiples[i];
    to.error[i] = from.error[i];
    to.q[i] = from.q[i];
    to.qq[i] = from.qq[i];
    to.xq[i] = from.xq[i];
  }
}

/// Steps for the scales and mins that groups want by themselves, and the multiples under them.
inline void first_sub_mins(const Panel& panel, int n_blocks, float top, SubRange range,
                           SubMinFit& best) {
  alignas(64) Wanted scales, mins;
  MinFit free[kGroupsAtOnce / kLanes];
  for (int first = 0; first < panel.n_lanes; first += kLanes) {
    const MinTask task = min_task(panel, first, top, /*has_negative_min=*/false);
    MinFit& found = free[first / kLanes] = best_min(task);
    store(scales.values + first, found.scale);
    store(scales.costs + first, found.qq);
    store(mins.values + first, found.min);
    store(mins.costs + first, task.w);
    store(best.w + first, task.w);
    store(best.xw + first, task.xw);
    store(best.steps + first, Floats{});
    store(best.min_steps + first, Floats{});
  }
  for (int block = 0; block < n_blocks; ++block) {
    spread(panel, block, best_step(panel, block, scales, range), best.steps);
    spread(panel, block, best_step(panel, block, mins, range), best.min_steps);
  }
  for (int first = 0; first < panel.n_lanes; first += kLanes)
    fit_pairs(min_task(panel, first, top, false), range, free[first / kLanes], best);
}

inline void best_sub_mins(const Panel& panel, int n_blocks, float top, SubRange range,
                          SubMinFit& best) {
  first_sub_mins(panel, n_blocks, top, range, best);
  for (int round = 0; round < 2; ++round) {
    SubMinFit tried = best;
    for (int block = 0; block < n_blocks; ++block) solve_steps(panel, block, best, tried);
    for (int first = 0; first < panel.n_lanes; first += kLanes) {
      const MinTask task{&panel, first, top, false, load(best.w + first), load(best.xw + first)};
      fit_pairs(task, range, best.at(first), tried);
    }
    for (int block = 0; block < n_blocks; ++block)
      if (total(panel, block, tried.error) < total(panel, block, best.error))
        copy_block(panel, block, tried, best);
  }
}

}  // namespace
}  // namespace wick::quant

// The search for one batch of blocks, by what the storage class has. Included once for each
// instruction set.
#pragma once

#include "search/one_level.h"
#include "search/two_levels.h"
#include "search/two_levels_min.h"

namespace wick::quant {
namespace {

/// Writes the codes of the lanes from `first` on, each group contiguous. levels: of value + min.
template <class Levels>
void put_codes(const Panel& panel, int first, const Levels& levels, Floats scale, Floats min,
               uint8_t* codes) {
  const Floats inverse = quotient(splat(1.0f), scale);
  uint8_t side_by_side[kLanes];
  for (int i = 0; i < panel.n_values; ++i) {
    levels.codes((panel.value(i, first) + min) * inverse, side_by_side);
    for (int lane = 0; lane < kLanes; ++lane)
      codes[(first + lane) * panel.n_values + i] = side_by_side[lane];
  }
}

/// What the lanes of a batch get; more of them than it has groups.
struct Chosen {
  uint8_t codes[kMaxGroupValues * kGroupsAtOnce];
  alignas(64) float scales[kGroupsAtOnce], mins[kGroupsAtOnce];  ///< in units
  alignas(64) float sub_scales[kGroupsAtOnce], sub_mins[kGroupsAtOnce];
};

inline void copy_out(const SearchTask& task, const Panel& panel, const Chosen& chosen,
                     const FoundParts& found) {
  const wick_storage_class& c = *task.storage;
  const int n = panel.lanes_per_block, n_groups = task.n_blocks * n;
  __builtin_memcpy(found.codes, chosen.codes, static_cast<size_t>(n_groups * panel.n_values));
  for (int block = 0; block < task.n_blocks; ++block) {
    found.scales[block] = chosen.scales[block * n] * panel.unit[block * n];
    if (c.has_min) found.mins[block] = chosen.mins[block * n] * panel.unit[block * n];
  }
  for (int i = 0; i < n_groups && c.sub_scale_bits; ++i)
    found.sub_scales[i] = static_cast<int16_t>(chosen.sub_scales[i]);
  for (int i = 0; i < n_groups && c.sub_min_bits; ++i)
    found.sub_mins[i] = static_cast<int16_t>(chosen.sub_mins[i]);
}

template <class Levels>
void choose_scales(const SearchTask& task, const Panel& panel, Chosen& chosen) {
  const wick_storage_class& c = *task.storage;
  const Levels levels(c);
  const ScaleGrid grid = grid_of(levels);
  SubScaleFit fit;
  if (c.sub_scale_bits)
    best_sub_scales(panel, task.n_blocks, levels, sub_range(c.sub_scale_low, c.sub_scale_bits),
                    fit);
  for (int first = 0; first < panel.n_lanes; first += kLanes) {
    Floats scale, step;
    if (c.sub_scale_bits) {
      step = load(fit.steps + first);
      store(chosen.sub_scales + first, load(fit.multiples + first));
      scale = step * load(fit.multiples + first);
    } else if (c.scale_type == WICK_SCALE_E8M0) {
      scale = step = best_power(panel, first, levels);
    } else {
      scale = step = best_stored_scale(panel, first, levels, grid);
    }
    store(chosen.scales + first, step);
    put_codes(panel, first, levels, scale, Floats{}, chosen.codes);
  }
}

inline void choose_scales_and_mins(const SearchTask& task, const Panel& panel, Chosen& chosen) {
  const wick_storage_class& c = *task.storage;
  const Steps levels(c);
  SubMinFit fit;
  if (c.sub_min_bits)
    best_sub_mins(panel, task.n_blocks, levels.high(), sub_range(c.sub_min_low, c.sub_min_bits),
                  fit);
  for (int first = 0; first < panel.n_lanes; first += kLanes) {
    MinFit found;
    if (c.sub_min_bits) {
      found = fit.at(first);
      store(chosen.scales + first, load(fit.steps + first));
      store(chosen.mins + first, load(fit.min_steps + first));
      store(chosen.sub_scales + first, load(fit.multiples + first));
      store(chosen.sub_mins + first, load(fit.min_multiples + first));
    } else {
      found = best_stored_min(panel, first, levels.high());
      store(chosen.scales + first, found.scale);
      store(chosen.mins + first, found.min);
    }
    put_codes(panel, first, levels, found.scale, found.min, chosen.codes);
  }
}

inline void search_blocks(const SearchTask& task, const FoundParts& found) noexcept {
  Panel panel;
  Chosen chosen;
  fill_panel(task, panel);
  if (task.storage->has_min)
    choose_scales_and_mins(task, panel, chosen);
  else if (task.storage->table)
    choose_scales<Table>(task, panel, chosen);
  else
    choose_scales<Steps>(task, panel, chosen);
  copy_out(task, panel, chosen, found);
#if defined(__AVX__)
  // gcc 12 leaves this out here, and code for plain x86-64 then runs several times slower after us.
  _mm256_zeroupper();
#endif
}

}  // namespace
}  // namespace wick::quant

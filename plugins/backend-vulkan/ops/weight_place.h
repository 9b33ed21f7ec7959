// A weight as shaders/weight.glsl takes it.
#pragma once

#include "pipelines.h"
#include "weight.h"

namespace wick::vulkan {

/// WeightPlace of the shader.
struct WeightPlace {
  explicit WeightPlace(const Layout& layout)
      : n_units(layout.n_units), n_groups(layout.n_groups), n_supers(layout.n_supers) {
    const auto at = [&](PlaneIndex plane) {
      return static_cast<std::uint32_t>(layout.planes[plane].offset / 16);
    };
    codes2 = at(kCodes2), codes1 = at(kCodes1), scales = at(kScales), subs = at(kSubs);
    peaks = at(kPeaks);
    table = static_cast<std::uint32_t>(layout.table_offset / 16);
  }
  std::uint32_t n_units, n_groups, n_supers;
  std::uint32_t codes2 = 0, codes1 = 0, scales = 0, subs = 0, table = 0, peaks = 0;
};

/// Constants 1 to 11 of the shader.
inline Constants packing_constants(const Packing& p) {
  return {{1, static_cast<std::uint32_t>(p.kind)},
          {2, p.bits},
          {3, p.group},
          {4, p.super},
          {5, p.scale_type},
          {6, p.has_min},
          {7, p.sub_scale},
          {8, p.sub_min},
          {9, static_cast<std::uint32_t>(p.sub_scale_low)},
          {10, static_cast<std::uint32_t>(p.sub_min_low)},
          {11, static_cast<std::uint32_t>(p.zero_point)}};
}

}  // namespace wick::vulkan

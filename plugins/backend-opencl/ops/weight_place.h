// A weight as kernels/weight.clh takes it.
#pragma once

#include "program.h"

namespace wick::opencl {

/// WeightPlace of the kernels: passed by value.
struct WeightPlace {
  explicit WeightPlace(const Layout& layout)
      : n_units(layout.n_units), n_groups(layout.n_groups), n_supers(layout.n_supers) {
    using namespace sdk::planes;
    const auto at = [&](PlaneIndex plane) {
      return static_cast<std::uint32_t>(layout.planes[plane].offset / 16);
    };
    codes2 = at(kCodes2), codes1 = at(kCodes1), scales = at(kScales), subs = at(kSubs);
    table = static_cast<std::uint32_t>(layout.table_offset / 16);
  }
  std::uint32_t n_units, n_groups, n_supers;
  std::uint32_t codes2 = 0, codes1 = 0, scales = 0, subs = 0, table = 0;
};

/// Null in an estimate.
inline cl_mem handle_of(const BoundWeight& bound) {
  return bound.weight ? bound.weight->handle() : nullptr;
}

/// Macros of a storage class.
inline Options packing_options(const Packing& p) {
  return {{"KIND", static_cast<std::int64_t>(p.kind)},
          {"BITS", p.bits},
          {"GROUP", p.group},
          {"SUPER", p.super},
          {"SCALE_TYPE", p.scale_type},
          {"HAS_MIN", p.has_min},
          {"SUB_SCALE", p.sub_scale},
          {"SUB_MIN", p.sub_min},
          {"SUB_SCALE_LOW", p.sub_scale_low},
          {"SUB_MIN_LOW", p.sub_min_low},
          {"ZERO_POINT", p.zero_point}};
}

}  // namespace wick::opencl

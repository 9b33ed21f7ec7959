// Cases of short_conv@1: widths and channels, runs that begin and end beside block borders.
#pragma once

#include "conformance/cases/shapes.h"

namespace wick::conformance {

inline std::uint32_t short_conv_node(Draft& d, std::int64_t width, std::int64_t channels) {
  const std::uint32_t x = d.input("x", channels);
  reference::Matrix kernel = make_input(InputClass::kNormal, static_cast<std::size_t>(channels),
                                        static_cast<std::size_t>(width), d.random());
  const std::uint32_t w = d.add_weight("kernel", {channels, width},
                                       plain_weight(WICK_TYPE_F32, kernel, WICK_USE_VECTOR));
  const std::uint32_t state = d.graph().state("conv", static_cast<std::uint64_t>(width),
                                              static_cast<std::uint64_t>(channels), 0);
  return d.graph().node({"short_conv@1", {x, w}, channels, {}, {}, state});
}

inline std::vector<Case> short_conv_cases() {
  std::vector<Case> cases;
  const std::pair<StorageEntry, std::vector<Shape>> over(plain_types()[0], history_shapes());
  for (const std::int64_t width : {2, 3, 4, 7})
    for (const std::int64_t channels : {1, 5, 64})
      put_cases(cases, "short_conv",
                "width" + std::to_string(width) + "_channels" + std::to_string(channels), over,
                [=](Draft& d) { return short_conv_node(d, width, channels); });
  return cases;
}

}  // namespace wick::conformance

// Cases of combine@1.
#pragma once

#include "conformance/cases/shapes.h"

namespace wick::conformance {

inline std::vector<Case> combine_cases() {
  std::vector<Case> cases;
  for (const std::int64_t n_used : {1, 3})
    put_cases(cases, "combine", "used" + std::to_string(n_used), [n_used](Draft& d) {
      const std::int64_t width = 77;
      const std::uint32_t y = d.input("y", n_used * width), routes = d.routes("routes", 5, n_used);
      return d.graph().node({"combine@1", {y, routes}, width});
    });
  return cases;
}

}  // namespace wick::conformance

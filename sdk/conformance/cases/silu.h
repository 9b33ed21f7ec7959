// Cases of silu@1.
#pragma once

#include "conformance/cases/shapes.h"

namespace wick::conformance {

inline std::vector<Case> silu_cases() {
  std::vector<Case> cases;
  for (const std::int64_t width : {1, 64, 77})
    put_cases(cases, "silu", "width" + std::to_string(width), [width](Draft& d) {
      return d.graph().node({"silu@1", {d.input("x", width)}, width});
    });
  return cases;
}

}  // namespace wick::conformance

// Cases of gelu@1.
#pragma once

#include "conformance/cases/shapes.h"

namespace wick::conformance {

inline std::vector<Case> gelu_cases() {
  std::vector<Case> cases;
  for (const std::int64_t width : {1, 64, 77})
    put_cases(cases, "gelu", "width" + std::to_string(width), [width](Draft& d) {
      return d.graph().node({"gelu@1", {d.input("x", width)}, width});
    });
  return cases;
}

}  // namespace wick::conformance

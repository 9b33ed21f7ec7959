// Cases of swiglu@1.
#pragma once

#include "conformance/cases/shapes.h"

namespace wick::conformance {

inline std::vector<Case> swiglu_cases() {
  std::vector<Case> cases;
  for (const std::int64_t width : {1, 64, 77})
    put_cases(cases, "swiglu", "width" + std::to_string(width), [width](Draft& d) {
      const std::uint32_t gate = d.input("gate", width), up = d.input("up", width);
      return d.graph().node({"swiglu@1", {gate, up}, width});
    });
  return cases;
}

}  // namespace wick::conformance

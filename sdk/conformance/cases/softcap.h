// Cases of softcap@1: values far below the cap, beside it and far beyond.
#pragma once

#include "conformance/cases/shapes.h"

namespace wick::conformance {

inline std::vector<Case> softcap_cases() {
  std::vector<Case> cases;
  for (const int cap : {1, 30, 5000})
    put_cases(cases, "softcap", "cap" + std::to_string(cap), [cap](Draft& d) {
      const std::uint32_t x = d.input("x", 77);
      return d.graph().node({"softcap@1", {x}, 77, {}, {{"cap", static_cast<double>(cap)}}});
    });
  return cases;
}

}  // namespace wick::conformance

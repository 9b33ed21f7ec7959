// Cases of scale@1: factors that shrink, flip and erase.
#pragma once

#include "conformance/cases/shapes.h"

namespace wick::conformance {

inline std::vector<Case> scale_cases() {
  std::vector<Case> cases;
  struct Variant {
    const char* name;
    double factor;
  };
  for (const Variant& v :
       {Variant{"eighth", 0.125}, Variant{"negative", -3.75}, Variant{"none", 0}})
    put_cases(cases, "scale", v.name, [v](Draft& d) {
      const std::uint32_t x = d.input("x", 77);
      return d.graph().node({"scale@1", {x}, 77, {}, {{"factor", v.factor}}});
    });
  return cases;
}

}  // namespace wick::conformance

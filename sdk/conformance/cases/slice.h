// Cases of slice@1: the first columns, the last, one, all.
#pragma once

#include "conformance/cases/shapes.h"

namespace wick::conformance {

inline std::vector<Case> slice_cases() {
  std::vector<Case> cases;
  struct Variant {
    const char* name;
    std::int64_t begin, length;
  };
  for (const Variant& v : {Variant{"first", 0, 32}, Variant{"last", 45, 32}, Variant{"one", 13, 1},
                           Variant{"all", 0, 77}, Variant{"middle", 3, 64}})
    put_cases(cases, "slice", v.name, [v](Draft& d) {
      const std::uint32_t x = d.input("x", 77);
      return d.graph().node({"slice@1", {x}, v.length, {{"begin", v.begin}, {"length", v.length}}});
    });
  return cases;
}

}  // namespace wick::conformance

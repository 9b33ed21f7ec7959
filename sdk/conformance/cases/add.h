// Cases of add@1: two activations, one twice, and a vector for every row.
#pragma once

#include "conformance/cases/shapes.h"

namespace wick::conformance {

inline std::vector<Case> add_cases() {
  std::vector<Case> cases;
  for (const std::int64_t width : {1, 64, 77}) {
    const std::string suffix = "_width" + std::to_string(width);
    put_cases(cases, "add", "activations" + suffix, [width](Draft& d) {
      const std::uint32_t a = d.input("a", width), b = d.input("b", width);
      return d.graph().node({"add@1", {a, b}, width});
    });
    put_cases(cases, "add", "itself" + suffix, [width](Draft& d) {
      const std::uint32_t a = d.input("a", width);
      return d.graph().node({"add@1", {a, a}, width});
    });
    put_cases(cases, "add", "vector" + suffix, [width](Draft& d) {
      const std::uint32_t a = d.input("a", width);
      const std::uint32_t b = d.vector("b", static_cast<std::size_t>(width), 0.5);
      return d.graph().node({"add@1", {a, b}, width});
    });
  }
  return cases;
}

}  // namespace wick::conformance

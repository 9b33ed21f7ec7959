// Cases of top_k@1: one and many of short and long rows, all of a row; equal values, and what is no
// number. Inputs that are all the same leave the order to the columns.
#pragma once

#include "conformance/cases/shapes.h"

namespace wick::conformance {

inline std::vector<Case> top_k_cases() {
  struct Variant {
    const char* name;
    std::int64_t width, k;
    bool has_extremes;
  };
  static const Variant variants[] = {
      {"one", 77, 1, false},          {"one_of_one", 1, 1, false},
      {"all", 50, 50, false},         {"all_extremes", 333, 333, true},
      {"some", 3000, 40, false},      {"some_extremes", 3000, 40, true},
      {"many", 9000, 256, false},     {"long", 40000, 40, false},
      {"one_extreme", 2049, 1, true}, {"border", 1024, 512, true}};
  std::vector<Case> cases;
  for (const Variant& v : variants)
    put_cases(cases, "top_k", v.name, [v](Draft& d) {
      const std::uint32_t x = d.input("x", v.width);
      if (v.has_extremes) d.put_extremes(x);
      return d.graph().node({"top_k@1", {x}, 2 * v.k, {{"k", v.k}}});
    });
  return cases;
}

}  // namespace wick::conformance

// Cases of select_rows@1: every row, and a few.
#pragma once

#include "conformance/cases/shapes.h"

namespace wick::conformance {

inline std::vector<Case> select_rows_cases() {
  std::vector<Case> cases;
  for (const bool all : {true, false})
    put_cases(cases, "select_rows", all ? "all" : "some", [all](Draft& d) {
      const std::uint32_t x = d.input("x", 77);
      if (!all) d.want_some();
      return d.graph().node({"select_rows@1", {x}, 77});
    });
  return cases;
}

}  // namespace wick::conformance

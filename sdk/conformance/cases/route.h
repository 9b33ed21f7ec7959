// Cases of route@1: both gatings, with and without bias and sum; inputs that are all the same
// choose the lower index.
#pragma once

#include "conformance/cases/shapes.h"

namespace wick::conformance {

inline std::vector<Case> route_cases() {
  struct Variant {
    const char* name;
    std::int64_t n_experts, n_used, gating, normalize;
    bool has_bias;
  };
  static const Variant variants[] = {{"sigmoid_bias", 32, 4, 1, 1, true},
                                     {"sigmoid", 7, 2, 1, 0, false},
                                     {"softmax", 60, 8, 0, 1, false},
                                     {"softmax_bias", 9, 9, 0, 0, true},
                                     {"softmax_one", 1, 1, 0, 0, false}};
  std::vector<Case> cases;
  for (const Variant& v : variants)
    put_cases(cases, "route", v.name, [v](Draft& d) {
      const std::uint32_t scores = d.input("scores", v.n_experts);
      const std::uint32_t bias =
          v.has_bias ? d.vector("bias", static_cast<std::size_t>(v.n_experts), 0.0) : WICK_NONE;
      return d.graph().node(
          {"route@1",
           {scores, bias},
           2 * v.n_used,
           {{"n_used", v.n_used}, {"gating", v.gating}, {"normalize", v.normalize}},
           {{"epsilon", v.normalize ? 1e-6 : 0.0}, {"scale", 2.5}}});
    });
  return cases;
}

}  // namespace wick::conformance

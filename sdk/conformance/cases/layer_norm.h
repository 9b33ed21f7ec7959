// Cases of layer_norm@1: with and without bias, whole rows and heads.
#pragma once

#include "conformance/cases/shapes.h"

namespace wick::conformance {

inline std::vector<Case> layer_norm_cases() {
  std::vector<Case> cases;
  struct Variant {
    const char* name;
    std::int64_t width, part;
    bool has_bias;
  };
  for (const Variant& v : {Variant{"row64_bias", 64, 64, true}, Variant{"row77_bias", 77, 77, true},
                           Variant{"row64", 64, 64, false}, Variant{"heads3_bias", 96, 32, true}})
    put_cases(cases, "layer_norm", v.name, [v](Draft& d) {
      const auto part = static_cast<std::size_t>(v.part);
      const std::uint32_t x = d.input("x", v.width), w = d.vector("w", part, 1.0);
      const std::uint32_t b = v.has_bias ? d.vector("b", part, 0.0) : WICK_NONE;
      return d.graph().node({"layer_norm@1", {x, w, b}, v.width, {}, {{"epsilon", 1e-5}}});
    });
  return cases;
}

}  // namespace wick::conformance

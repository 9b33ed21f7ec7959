// Cases of rms_norm@1: whole rows, heads, odd widths, weights in every plain type.
#pragma once

#include "conformance/cases/shapes.h"

namespace wick::conformance {

inline std::vector<Case> rms_norm_cases() {
  std::vector<Case> cases;
  struct Variant {
    const char* name;
    std::int64_t width, part;
    double epsilon;
    std::uint32_t type;
  };
  for (const Variant& v :
       {Variant{"row64", 64, 64, 1e-5, WICK_TYPE_F32},
        Variant{"row77", 77, 77, 1e-6, WICK_TYPE_F32},
        Variant{"row2048", 2048, 2048, 1e-5, WICK_TYPE_F32},
        Variant{"heads3", 96, 32, 1e-5, WICK_TYPE_F32}, Variant{"f16", 64, 64, 1e-5, WICK_TYPE_F16},
        Variant{"bf16", 64, 64, 0.1, WICK_TYPE_BF16}})
    put_cases(cases, "rms_norm", v.name, [v](Draft& d) {
      const std::uint32_t x = d.input("x", v.width);
      const std::uint32_t w = d.vector("w", static_cast<std::size_t>(v.part), 1.0, v.type);
      return d.graph().node({"rms_norm@1", {x, w}, v.width, {}, {{"epsilon", v.epsilon}}});
    });
  return cases;
}

}  // namespace wick::conformance

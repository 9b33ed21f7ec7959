// Cases of rope@1: both layouts, part of a head, factors, linear scaling, YaRN.
#pragma once

#include "conformance/cases/shapes.h"

namespace wick::conformance {

struct RopeVariant {
  const char* name;
  std::int64_t head_dim, n_rotary, layout;
  bool has_factors;
  double scale, ext_factor, attn_factor, base;
};

inline std::uint32_t rope_node(Draft& d, const RopeVariant& v) {
  constexpr std::int64_t kHeads = 3;
  const std::uint32_t x = d.input("x", kHeads * v.head_dim);
  const auto n_pairs = static_cast<std::size_t>(v.n_rotary / 2);
  const std::uint32_t factors = v.has_factors ? d.vector("factors", n_pairs, 3.0) : WICK_NONE;
  const std::int64_t context = v.ext_factor != 0.0 ? 512 : 0;
  return d.graph().node({"rope@1",
                         {x, factors},
                         kHeads * v.head_dim,
                         {{"head_dim", v.head_dim},
                          {"n_rotary", v.n_rotary},
                          {"layout", v.layout},
                          {"original_context", context}},
                         {{"base", v.base},
                          {"scale", v.scale},
                          {"ext_factor", v.ext_factor},
                          {"attn_factor", v.attn_factor},
                          {"beta_fast", 32.0},
                          {"beta_slow", 1.0}}});
}

inline std::vector<Case> rope_cases() {
  std::vector<Case> cases;
  for (const RopeVariant& v :
       {RopeVariant{"interleaved", 16, 16, 0, false, 1, 0, 1, 10000},
        RopeVariant{"halves", 16, 16, 1, false, 1, 0, 1, 10000},
        RopeVariant{"interleaved_part", 24, 16, 0, false, 1, 0, 1, 500000},
        RopeVariant{"halves_part", 24, 10, 1, false, 1, 0, 1, 500000},
        RopeVariant{"factors", 64, 64, 0, true, 1, 0, 1, 500000},
        RopeVariant{"factors_halves", 16, 16, 1, true, 1, 0, 1, 500000},
        RopeVariant{"linear", 16, 16, 0, false, 0.25, 0, 1, 10000},
        RopeVariant{"yarn", 64, 64, 0, false, 0.25, 1, 1, 10000},
        RopeVariant{"yarn_halves", 64, 64, 1, false, 0.125, 0.75, 0.9, 10000},
        RopeVariant{"magnitude", 16, 16, 0, false, 1, 0, 1.25, 10000}})
    put_cases(cases, "rope", v.name, [v](Draft& d) { return rope_node(d, v); });
  return cases;
}

}  // namespace wick::conformance

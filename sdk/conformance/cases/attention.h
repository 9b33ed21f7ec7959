// Cases of attention@1: heads and groups of heads, windows, soft caps, over block tables.
#pragma once

#include "conformance/cases/shapes.h"

#include <algorithm>
#include <cmath>

namespace wick::conformance {

struct AttentionVariant {
  const char* name;
  std::int64_t n_heads, n_kv_heads, head_dim, value_dim, window;
  double softcap;
};

/// Inputs q, k and v; returns the output.
inline std::uint32_t attention_node(Draft& d, const AttentionVariant& v) {
  const std::uint32_t q = d.input("q", v.n_heads * v.head_dim);
  const std::uint32_t k = d.input("k", v.n_kv_heads * v.head_dim);
  const std::uint32_t value = d.input("v", v.n_kv_heads * v.value_dim);
  const auto size = [](std::int64_t n) { return static_cast<std::uint64_t>(n); };
  const std::uint32_t kv =
      d.graph().state("kv", size(v.n_kv_heads), size(v.head_dim), size(v.value_dim));
  return d.graph().node(
      {"attention@1",
       {q, k, value},
       v.n_heads * v.value_dim,
       {{"n_heads", v.n_heads},
        {"n_kv_heads", v.n_kv_heads},
        {"head_dim", v.head_dim},
        {"value_dim", v.value_dim},
        {"window", v.window}},
       {{"scale", 1.0 / std::sqrt(static_cast<double>(v.head_dim))}, {"softcap", v.softcap}},
       kv});
}

inline std::vector<Case> attention_cases() {
  std::vector<Case> cases;
  std::pair<StorageEntry, std::vector<Shape>> over(plain_types()[0], history_shapes());
  // A prompt in two batches, over several blocks of positions each.
  over.second.push_back({"prompt", {{run_of(0, 0, 150)}, {run_of(0, 150, 70)}}});
  for (const AttentionVariant& v :
       {AttentionVariant{"heads4", 4, 4, 16, 16, 0, 0},
        AttentionVariant{"grouped", 6, 2, 64, 64, 0, 0},
        AttentionVariant{"one_kv_head", 5, 1, 32, 32, 0, 0},
        AttentionVariant{"values_apart", 4, 2, 24, 40, 0, 0},
        AttentionVariant{"odd", 3, 3, 7, 5, 0, 0}, AttentionVariant{"window1", 2, 2, 16, 16, 1, 0},
        AttentionVariant{"window5", 2, 1, 16, 16, 5, 0},
        AttentionVariant{"window33", 2, 1, 16, 16, 33, 0},
        AttentionVariant{"dims128", 8, 2, 128, 128, 0, 0},
        AttentionVariant{"dims80", 4, 2, 80, 48, 70, 0},
        AttentionVariant{"softcap", 2, 2, 16, 16, 0, 2.5}})
    put_cases(cases, "attention", v.name, over, [v](Draft& d) { return attention_node(d, v); });
  const std::pair<StorageEntry, std::vector<Shape>> after(plain_types()[0], long_shapes());
  for (const AttentionVariant& v :
       {AttentionVariant{"heads64", 64, 64, 4, 4, 0, 0},
        AttentionVariant{"grouped", 6, 2, 64, 64, 0, 0},
        AttentionVariant{"group16", 16, 1, 8, 24, 0, 0}, AttentionVariant{"odd", 3, 3, 7, 5, 0, 0},
        AttentionVariant{"wide", 2, 1, 320, 288, 0, 0},
        AttentionVariant{"window450", 2, 1, 16, 16, 450, 0},
        AttentionVariant{"softcap", 2, 2, 16, 16, 0, 2.5}})
    put_cases(cases, "attention", v.name, after, [v](Draft& d) { return attention_node(d, v); });
  // Every input behind a long context would only take long.
  cases.erase(std::remove_if(cases.begin(), cases.end(),
                             [](const Case& c) {
                               return c.name.find("after600") != std::string::npos &&
                                      c.input != InputClass::kNormal;
                             }),
              cases.end());
  return cases;
}

}  // namespace wick::conformance

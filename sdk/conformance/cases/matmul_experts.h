// Cases of matmul_experts@1: every storage class; experts that begin within a tile of rows, an
// input for all slots and one for each.
#pragma once

#include "conformance/cases/shapes.h"

namespace wick::conformance {

inline std::vector<Case> matmul_experts_cases() {
  struct Variant {
    const char* name;
    std::int64_t n_experts, n_used, n_out;
    bool is_shared;  ///< one input for all slots
  };
  static const Variant variants[] = {{"shared", 5, 3, 37, true}, {"own", 3, 2, 21, false}};
  std::vector<Case> cases;
  for (const StorageEntry& storage : all_storage())
    for (const Variant& v : variants) {
      const auto shapes = batch_shapes();
      const std::pair<StorageEntry, std::vector<Shape>> over(storage, {shapes[0], shapes[3]});
      const std::string name = storage.name + "_" + v.name;
      const std::int64_t super = storage.super_values();
      const std::int64_t n_in = storage.is_plain ? 77 : super > 200 ? super : 5 * super;
      put_cases(cases, "matmul_experts", name, over, [storage, v, n_in](Draft& d) {
        const std::uint32_t x = d.input("x", v.is_shared ? n_in : v.n_used * n_in);
        const std::uint32_t routes = d.routes("routes", v.n_experts, v.n_used);
        const std::uint32_t w = d.matrix_of_experts("w", storage, {v.n_experts, v.n_out, n_in});
        return d.graph().node({"matmul_experts@1", {x, routes, w}, v.n_used * v.n_out});
      });
    }
  return cases;
}

}  // namespace wick::conformance

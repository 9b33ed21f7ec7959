// Cases of matmul@1: every storage class, one super group and several, an odd number of rows.
#pragma once

#include "conformance/cases/shapes.h"

namespace wick::conformance {

inline std::vector<Case> matmul_cases() {
  std::vector<Case> cases;
  for (const StorageEntry& storage : all_storage()) {
    const std::size_t super = storage.is_plain ? 77 : storage.super_values();
    const std::pair<StorageEntry, std::vector<Shape>> over(storage, batch_shapes());
    put_cases(cases, "matmul", storage.name, over, [storage, super](Draft& d) {
      const std::size_t n_in = super * (super > 200 ? 3 : 11);
      const std::uint32_t x = d.input("x", static_cast<std::int64_t>(n_in));
      const std::uint32_t w = d.matrix("w", storage, 37, n_in);
      return d.graph().node({"matmul@1", {x, w}, 37});
    });
    const std::pair<StorageEntry, std::vector<Shape>> one(storage,
                                                          {batch_shapes()[0], batch_shapes()[4]});
    put_cases(cases, "matmul", storage.name + "_onesuper", one, [storage, super](Draft& d) {
      const std::uint32_t x = d.input("x", static_cast<std::int64_t>(super));
      const std::uint32_t w = d.matrix("w", storage, 5, super);
      return d.graph().node({"matmul@1", {x, w}, 5});
    });
    put_cases(cases, "matmul", storage.name + "_selected", one, [storage, super](Draft& d) {
      const std::size_t n_in = super * 2;
      const std::uint32_t x = d.input("x", static_cast<std::int64_t>(n_in));
      const std::uint32_t w = d.matrix("w", storage, 64, n_in);
      d.want_some();
      const auto width = static_cast<std::int64_t>(n_in);
      const std::uint32_t some = d.graph().node({"select_rows@1", {x}, width});
      return d.graph().node({"matmul@1", {some, w}, 64});
    });
  }
  return cases;
}

}  // namespace wick::conformance

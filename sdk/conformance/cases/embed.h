// Cases of embed@1: every storage class, as a table of its own and as one that is an output matrix
// too.
#pragma once

#include "conformance/cases/shapes.h"

namespace wick::conformance {

inline std::vector<Case> embed_cases() {
  std::vector<Case> cases;
  for (const StorageEntry& storage : all_storage())
    for (const std::uint32_t use : {WICK_USE_EMBED, WICK_USE_EMBED | WICK_USE_MATMUL}) {
      const std::string variant = storage.name + (use == WICK_USE_EMBED ? "" : "_tied");
      const std::pair<StorageEntry, std::vector<Shape>> over(
          storage, {batch_shapes()[0], batch_shapes()[4]});
      put_cases(cases, "embed", variant, over, [storage, use](Draft& d) {
        const std::size_t width = storage.is_plain ? 77 : storage.super_values() * 2;
        const std::uint32_t table = d.matrix("table", storage, Draft::vocab_size(), width);
        d.weight(table).use = use;
        return d.graph().node({"embed@1", {table}, static_cast<std::int64_t>(width)});
      });
    }
  return cases;
}

}  // namespace wick::conformance

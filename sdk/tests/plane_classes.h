// The weights that tests of planes lay out: the kit's catalogue as descriptions.
#pragma once

#include "conformance/storage_classes.h"

#include <wick/sdk/planes.h>

#include <vector>

namespace wick::sdk::planes {

using conformance::StorageEntry;

/// `entry` outlives it.
inline wick_weight_desc describe(const StorageEntry& entry, std::uint64_t n_rows,
                                 std::uint64_t n_cols) {
  auto desc = make<wick_weight_desc>();
  desc.use = WICK_USE_MATMUL;
  desc.name = to_str("w");
  desc.n_rows = n_rows;
  desc.n_cols = n_cols;
  desc.storage = entry.pointer();
  desc.plain_type = entry.plain_type;
  return desc;
}

inline std::vector<StorageEntry> packed_classes() {
  std::vector<StorageEntry> all = conformance::gguf_classes();
  for (const auto& list : {conformance::blockwise_classes(), conformance::strange_classes()})
    all.insert(all.end(), list.begin(), list.end());
  return all;
}

}  // namespace wick::sdk::planes

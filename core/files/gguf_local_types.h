// The tensor types that a file binds itself: the arrays `wick.tensor_type.*`. Not for types of the
// format's own list.
#pragma once

#include <vector>

#include "files/gguf.h"

namespace wick {

inline constexpr char kLocalTypeIds[] = "wick.tensor_type.ids";
inline constexpr char kLocalTypeNames[] = "wick.tensor_type.names";
inline constexpr char kLocalTypeBlockValues[] = "wick.tensor_type.block_values";
inline constexpr char kLocalTypeBlockBytes[] = "wick.tensor_type.block_bytes";

/// Sorted by id; empty where the file has none of the arrays. kBadFile where they do not go
/// together.
std::vector<GgufLocalType> read_local_types(const GgufFile& file);

}  // namespace wick

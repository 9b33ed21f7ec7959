// The names and the keys of a model in several files, `-00001-of-00005.gguf`. Not for reading their
// tensors.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "files/gguf_part.h"

namespace wick {

/// Where a file stands among the parts of a split model.
struct GgufSplit {
  std::uint32_t number = 0;  ///< from 0
  std::uint32_t n_parts = 1;
  std::uint64_t n_tensors = 0;  ///< of all parts together; 0 for a whole file
  bool is_split() const noexcept { return n_parts > 1; }
};

/// From the keys `split.no`, `split.count` and `split.tensors.count`, which must agree with the
/// file's name; kBadFile.
GgufSplit read_gguf_split(const std::string& path, const GgufPart& part);

/// The names for a model in that many parts: `path` itself for one, else NAME-00001-of-0000N.gguf
/// for NAME.gguf, or for a `path` that is the name of the first. Errors: kUsage for the name of
/// another part, or of another number of parts.
std::vector<std::string> gguf_part_paths(const std::string& path, std::uint32_t n_parts);

/// The path of another part (from 0) of the same model. `path` must be the path of one.
std::string gguf_part_path(const std::string& path, std::uint32_t number);

}  // namespace wick

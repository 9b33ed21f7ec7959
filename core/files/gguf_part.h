// Parses one GGUF file up to its tensor data. Joining parts and finding tensor sizes is
// gguf_open.cpp.
#pragma once

#include <wick/error.h>

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/mapped_file.h"
#include "files/gguf_value.h"

namespace wick {

/// A tensor's entry as it stands in the file; dimensions are checked, its place is not.
struct GgufTensorEntry {
  std::string_view name;
  std::array<std::uint64_t, 4> dims = {1, 1, 1, 1};
  std::uint32_t n_dims = 0;
  std::uint32_t type_id = 0;
  std::uint64_t n_values = 0;  ///< at most 2^63 - 1
  std::uint64_t offset = 0;    ///< from the start of the tensor data
};

/// Everything refers to the mapping.
struct GgufPart {
  std::uint32_t version = 0;
  std::vector<GgufValue> metadata;
  std::vector<std::uint32_t>
      keys_by_name;  ///< indices into metadata, sorted by key; no key is there twice
  std::vector<GgufTensorEntry> tensors;
  std::uint64_t alignment = 0;
  std::uint64_t data_start =
      0;  ///< of the tensor data, from the start of the file; may lie behind its end

  /// Null where there is no such key.
  const GgufValue* find(std::string_view key) const noexcept;
};

/// Errors: kBadFile, with a sentence that starts with the path.
GgufPart parse_gguf_part(const MappedFile& file);

/// The value of `key` by binary search, or null.
const GgufValue* find_value(std::span<const GgufValue> metadata,
                            std::span<const std::uint32_t> keys_by_name,
                            std::string_view key) noexcept;

/// Runs `read`, and puts the path in front of the sentence of an Error that leaves it: values know
/// their key only.
template <class Read>
auto with_path(const std::string& path, Read read) {
  try {
    return read();
  } catch (const Error& error) {
    fail(error.code(), path, ": ", error.what());
  }
}

}  // namespace wick

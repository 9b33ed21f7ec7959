// Reads safetensors checkpoints, one file or several behind an index. Not for writing, and converts
// no values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/mapped_file.h"

namespace wick {

struct SafeTensor {
  std::string name;
  std::string dtype;                 ///< as the file writes it: `F32`, `BF16`, `F8_E4M3`, ...
  std::vector<std::uint64_t> shape;  ///< row-major, last dimension contiguous; empty for a scalar
  std::uint64_t n_values = 0;
  std::uint32_t part = 0;           ///< which file, an index into parts()
  std::uint64_t offset = 0;         ///< of the first byte, from the start of that file
  std::span<const std::byte> data;  ///< refers to the mapping
};

/// An open checkpoint, every number in it checked; views live as long as it does, moves included.
/// Reading is safe from any thread. What is wrong in a file is kBadFile, a file that is not there
/// kMissingFile.
class SafetensorsFile {
 public:
  /// `path`: a `.safetensors` file; a `.safetensors.index.json` file; or a folder with
  /// `model.safetensors` or `model.safetensors.index.json` in it.
  static SafetensorsFile open(const std::string& path);

  SafetensorsFile(SafetensorsFile&&) noexcept = default;
  SafetensorsFile& operator=(SafetensorsFile&&) noexcept = default;

  /// What was opened: the file, or the index.
  const std::string& path() const noexcept { return path_; }
  std::span<const MappedFile> parts() const noexcept { return parts_; }
  /// `__metadata__` of all parts.
  const std::map<std::string, std::string>& metadata() const noexcept { return metadata_; }
  /// By offset, part behind part.
  std::span<const SafeTensor> tensors() const noexcept { return tensors_; }
  /// Null where there is no such tensor.
  const SafeTensor* find_tensor(std::string_view name) const noexcept;
  /// Gives the pages of a tensor back to the kernel.
  void drop(const SafeTensor& tensor) const noexcept;

 private:
  friend class SafetensorsOpener;
  SafetensorsFile() = default;

  std::string path_;
  std::vector<MappedFile> parts_;
  std::map<std::string, std::string> metadata_;
  std::vector<SafeTensor> tensors_;
  std::map<std::string_view, std::size_t> by_name_;  ///< keys refer to tensors_
};

}  // namespace wick

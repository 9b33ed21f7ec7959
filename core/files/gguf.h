// Reads GGUF files, versions 2 and 3, whole or split. Knows no architecture and no format; writing
// is gguf_writer.h.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/mapped_file.h"
#include "files/gguf_value.h"
#include "files/tensor_types.h"

namespace wick {

/// A tensor as the file describes it. `name` and `data` refer to the mapping.
struct GgufTensor {
  std::string_view name;
  /// In the order of the file: dims[0] is the row length, contiguous. Unused dimensions are 1; none
  /// is 0.
  std::array<std::uint64_t, 4> dims = {1, 1, 1, 1};
  std::uint32_t n_dims = 0;
  std::uint32_t type_id = 0;
  std::string type_name;                 ///< empty where nothing known has this id
  std::uint64_t n_values = 0;            ///< the product of dims; fits in 63 bits
  std::optional<std::uint64_t> n_bytes;  ///< absent where the type's layout is not known
  std::uint32_t part = 0;                ///< which file of a split model, from 0
  std::uint64_t offset = 0;              ///< of the first byte, from the start of that file
  std::span<const std::byte> data;       ///< empty where n_bytes is absent

  /// As a matrix: `rows()` rows of `cols()` contiguous values.
  std::uint64_t cols() const noexcept { return dims[0]; }
  std::uint64_t rows() const noexcept { return n_values / dims[0]; }
};

/// A tensor type that a file binds itself.
struct GgufLocalType {
  std::uint32_t id = 0;
  TypeLayout layout;
};

/// An open model file, every number in it checked; views that it hands out live as long as it does,
/// moves included.
///
/// Reading is safe from any thread. What is wrong in the file is kBadFile with a sentence that
/// starts with its path; a file that is not there, a part of a split model too, is kMissingFile.
class GgufFile {
 public:
  /// `path`: a file, or any part `-00002-of-00005.gguf` of a split one, which opens them all.
  static GgufFile open(const std::string& path, const TypeLayouts& layouts = no_formats());

  GgufFile(GgufFile&&) noexcept = default;
  GgufFile& operator=(GgufFile&&) noexcept = default;

  /// Of the first part.
  const std::string& path() const noexcept { return parts_.front().path(); }
  std::uint32_t version() const noexcept { return version_; }
  std::span<const MappedFile> parts() const noexcept { return parts_; }
  /// Of all parts together.
  std::uint64_t file_bytes() const noexcept;

  /// Metadata of the first part, in the order of the file.
  std::span<const GgufValue> metadata() const noexcept { return metadata_; }
  /// Null where the file has no such key.
  const GgufValue* find(std::string_view key) const noexcept;

  /// Nothing where the key is absent; kBadFile where it is there but mistyped (see GgufValue).
  std::optional<std::uint64_t> get_u64(std::string_view key) const;
  std::optional<std::int64_t> get_i64(std::string_view key) const;
  std::optional<double> get_f64(std::string_view key) const;
  std::optional<bool> get_bool(std::string_view key) const;
  std::optional<std::string_view> get_string(std::string_view key) const;
  std::optional<GgufStrings> get_strings(std::string_view key) const;
  template <class T>
  std::optional<std::vector<T>> get_numbers(std::string_view key) const;

  /// As above, and kBadFile where the key is absent.
  std::uint64_t need_u64(std::string_view key) const;
  double need_f64(std::string_view key) const;
  std::string_view need_string(std::string_view key) const;
  GgufStrings need_strings(std::string_view key) const;
  template <class T>
  std::vector<T> need_numbers(std::string_view key) const;

  /// In the order of the file, part behind part.
  std::span<const GgufTensor> tensors() const noexcept { return tensors_; }
  /// Null where the file has no such tensor.
  const GgufTensor* find_tensor(std::string_view name) const noexcept;
  /// Types that this file binds itself (ids from kFirstLocalTypeId on). Null where it does not.
  const TypeLayout* find_local_type(std::uint32_t type_id) const noexcept;

  /// Gives the pages of a tensor back to the kernel, after its values were copied elsewhere.
  void drop(const GgufTensor& tensor) const noexcept;
  /// The same for `bytes` bytes of it from `offset` on.
  void drop(const GgufTensor& tensor, std::uint64_t offset, std::uint64_t bytes) const noexcept;

 private:
  friend class GgufOpener;
  GgufFile() = default;

  std::uint32_t version_ = 0;
  std::vector<MappedFile> parts_;
  std::vector<GgufValue> metadata_;
  std::vector<GgufTensor> tensors_;
  std::vector<std::uint32_t> keys_by_name_;     ///< indices into metadata_, sorted by key
  std::vector<std::uint32_t> tensors_by_name_;  ///< indices into tensors_, sorted by name
  std::vector<GgufLocalType> local_types_;      ///< sorted by id
};

}  // namespace wick

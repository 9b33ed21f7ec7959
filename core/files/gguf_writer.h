// Writes GGUF version 3: metadata and tensors in the order given, tensor data streamed. Encodes
// nothing: bytes in, bytes out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/atomic_file.h"
#include "files/gguf_value.h"
#include "files/tensor_types.h"

namespace wick {

/// What a tensor will be; its bytes follow later.
struct GgufTensorSpec {
  std::string name;
  std::vector<std::uint64_t> dims;  ///< 1 to 4, none 0; dims[0] is the row length
  std::uint32_t type_id = 0;
  TypeLayout layout;  ///< of type_id; rows must be whole blocks
};

/// First every `add`, then `begin`, then the data of each tensor in order, then `finish`: the file
/// appears only there. One thread at a time. A call out of order, a name or key given twice, data
/// of the wrong length: kBadArgument. Failing to write: kIo.
class GgufWriter {
 public:
  /// `alignment`: a power of two from 8 on; written as metadata where it is not the format's
  /// default of 32.
  explicit GgufWriter(std::string path, std::uint64_t alignment = 32);

  /// T: a fixed-width integer, float or double; the type of the value is T's own, so name it:
  /// `add_number<std::uint32_t>(key, 7)`. The same for arrays.
  template <class T>
  void add_number(std::string_view key, T value);
  template <class T>
  void add_numbers(std::string_view key, std::span<const T> values);
  void add_bool(std::string_view key, bool value);
  void add_string(std::string_view key, std::string_view value);
  void add_strings(std::string_view key, std::span<const std::string> values);
  void add_bools(std::string_view key, std::span<const bool> values);
  /// As it stood in another file. Keys that say something about that file alone (alignment, parts,
  /// its own tensor types) are skipped.
  void add_value(const GgufValue& value);

  /// A type id from kFirstLocalTypeId on is bound to its layout by name in the file's own arrays;
  /// all tensors with the same id must agree on the layout.
  void add_tensor(GgufTensorSpec tensor);
  /// Binds a type that no tensor of this file needs to have: one of a part behind it.
  void add_local_type(std::uint32_t id, const TypeLayout& layout);

  /// Writes everything in front of the tensor data.
  void begin();
  /// The next bytes of the current tensor; pieces may be of any size but end where the tensor ends.
  void write_data(std::span<const std::byte> bytes);
  /// All data must have been written, for these two. flush(): to the disk, so that little can fail
  /// behind it; finish() does that too.
  void flush();
  void finish();

  const std::string& path() const noexcept { return file_.path(); }
  /// Whether all data has been written.
  bool is_complete() const noexcept { return begun_ && current_ == tensors_.size(); }

 private:
  struct Tensor {
    GgufTensorSpec spec;
    std::uint64_t n_bytes;
    std::uint64_t offset;  ///< from the start of the data section
  };
  void start_value(std::string_view key, GgufType type);
  void add_local_types();
  void pad();

  AtomicFile file_;
  std::uint64_t alignment_;
  std::string metadata_;  ///< keys and values, encoded
  std::set<std::string, std::less<>> keys_;
  std::set<std::string> names_;
  std::vector<Tensor> tensors_;
  std::map<std::uint32_t, TypeLayout> local_types_;
  std::uint64_t data_bytes_ = 0;  ///< of all tensors added, padding included
  bool begun_ = false;
  std::size_t current_ = 0;          ///< index of the tensor whose data comes next
  std::uint64_t current_bytes_ = 0;  ///< of it, already written
};

}  // namespace wick

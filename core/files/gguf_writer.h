// Writes GGUF version 3: metadata and tensors in the order given, tensor data streamed. Encodes
// nothing: bytes in, bytes out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
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

  void add_u8(std::string_view key, std::uint8_t value);
  void add_i8(std::string_view key, std::int8_t value);
  void add_u16(std::string_view key, std::uint16_t value);
  void add_i16(std::string_view key, std::int16_t value);
  void add_u32(std::string_view key, std::uint32_t value);
  void add_i32(std::string_view key, std::int32_t value);
  void add_u64(std::string_view key, std::uint64_t value);
  void add_i64(std::string_view key, std::int64_t value);
  void add_f32(std::string_view key, float value);
  void add_f64(std::string_view key, double value);
  void add_bool(std::string_view key, bool value);
  void add_string(std::string_view key, std::string_view value);
  void add_strings(std::string_view key, std::span<const std::string> values);
  /// T: the fixed-width integers, float, double; the element type of the array is T's own.
  template <class T>
  void add_numbers(std::string_view key, std::span<const T> values);
  void add_bools(std::string_view key, std::span<const bool> values);
  /// As it stood in another file.
  void add_value(const GgufValue& value);

  /// A type id from kFirstLocalTypeId on is bound to its layout by name in the file's own arrays;
  /// all tensors with the same id must agree on the layout.
  void add_tensor(GgufTensorSpec tensor);

  /// Writes everything in front of the tensor data.
  void begin();
  /// The next bytes of the current tensor; pieces may be of any size but end where the tensor ends.
  void write_data(std::span<const std::byte> bytes);
  /// All data must have been written.
  void finish();

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
  std::vector<std::string> keys_;
  std::vector<Tensor> tensors_;
  std::uint64_t data_bytes_ = 0;  ///< of all tensors added, padding included
  bool begun_ = false;
  std::size_t current_ = 0;          ///< index of the tensor whose data comes next
  std::uint64_t current_bytes_ = 0;  ///< of it, already written
};

}  // namespace wick

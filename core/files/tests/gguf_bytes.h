// Puts GGUF files together byte by byte, wrong ones too. For tests of any room; the writer of good
// files is gguf_writer.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "files/gguf_value.h"

namespace wick {

/// Appends the bytes of a number, little-endian.
template <class T>
void append_number(std::string& out, T value) {
  static_assert(std::is_arithmetic_v<T> || std::is_enum_v<T>);
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

/// A 64-bit length and the text.
inline void append_text(std::string& out, std::string_view text) {
  append_number<std::uint64_t>(out, text.size());
  out += text;
}

template <class T>
constexpr GgufType gguf_type_of() {
  if (std::is_same_v<T, bool>) return GgufType::kBool;
  if (std::is_same_v<T, float>) return GgufType::kF32;
  if (std::is_same_v<T, double>) return GgufType::kF64;
  constexpr bool kSigned = std::is_signed_v<T>;
  if (sizeof(T) == 1) return kSigned ? GgufType::kI8 : GgufType::kU8;
  if (sizeof(T) == 2) return kSigned ? GgufType::kI16 : GgufType::kU16;
  if (sizeof(T) == 4) return kSigned ? GgufType::kI32 : GgufType::kU32;
  return kSigned ? GgufType::kI64 : GgufType::kU64;
}

/// Collects values and tensors; `bytes` is the file. Nothing is checked, and the public numbers may
/// be set to anything.
///
///     GgufBytes file;
///     file.text("general.architecture", "none").value<std::uint32_t>("a.b", 7);
///     file.tensor("w", {32, 2}, 0, 0).data(256);
///     const std::string good = file.bytes();
class GgufBytes {
 public:
  std::string magic = "GGUF";
  std::uint32_t version = 3;
  std::optional<std::uint64_t> n_values;   ///< instead of the true count
  std::optional<std::uint64_t> n_tensors;  ///< instead of the true count
  std::uint64_t alignment = 32;            ///< of the tensor data; the key is a `value` of its own

  template <class T>
  GgufBytes& value(std::string_view key, T number) {
    std::string content;
    append_number(content, number);
    return raw_value(key, static_cast<std::uint32_t>(gguf_type_of<T>()), content);
  }
  GgufBytes& text(std::string_view key, std::string_view text) {
    std::string content;
    append_text(content, text);
    return raw_value(key, static_cast<std::uint32_t>(GgufType::kString), content);
  }
  template <class T>
  GgufBytes& numbers(std::string_view key, const std::vector<T>& numbers) {
    std::string content;
    for (const T number : numbers) append_number(content, number);
    return raw_array(key, static_cast<std::uint32_t>(gguf_type_of<T>()), numbers.size(), content);
  }
  GgufBytes& texts(std::string_view key, const std::vector<std::string>& texts) {
    std::string content;
    for (const std::string& text : texts) append_text(content, text);
    return raw_array(key, static_cast<std::uint32_t>(GgufType::kString), texts.size(), content);
  }
  /// An array with any element type, count and content.
  GgufBytes& raw_array(std::string_view key, std::uint32_t element, std::uint64_t count,
                       std::string_view content) {
    std::string array;
    append_number(array, element);
    append_number(array, count);
    array += content;
    return raw_value(key, static_cast<std::uint32_t>(GgufType::kArray), array);
  }
  /// A value with any type and content.
  GgufBytes& raw_value(std::string_view key, std::uint32_t type, std::string_view content) {
    append_text(values_, key);
    append_number(values_, type);
    values_ += content;
    ++n_values_;
    return *this;
  }

  /// `offset`: from the start of the tensor data.
  GgufBytes& tensor(std::string_view name, const std::vector<std::uint64_t>& dims,
                    std::uint32_t type_id, std::uint64_t offset) {
    append_text(tensors_, name);
    append_number(tensors_, static_cast<std::uint32_t>(dims.size()));
    for (const std::uint64_t size : dims) append_number(tensors_, size);
    append_number(tensors_, type_id);
    append_number(tensors_, offset);
    ++n_tensors_;
    return *this;
  }
  /// Any bytes among the metadata values, or among the tensors; not counted.
  GgufBytes& raw_metadata(std::string_view bytes) {
    values_ += bytes;
    return *this;
  }
  GgufBytes& raw_tensors(std::string_view bytes) {
    tensors_ += bytes;
    return *this;
  }
  /// Tensor data: zeros.
  GgufBytes& data(std::size_t n_bytes) { return data(std::string(n_bytes, '\0')); }
  GgufBytes& data(std::string_view bytes) {
    data_ += bytes;
    return *this;
  }

  /// Where the parts of `bytes()` end.
  std::size_t metadata_end() const { return head().size() + values_.size(); }
  std::size_t tensors_end() const { return metadata_end() + tensors_.size(); }

  std::string bytes() const {
    std::string file = head() + values_ + tensors_;
    if (alignment != 0 && !data_.empty())
      file.append(static_cast<std::size_t>((alignment - file.size() % alignment) % alignment),
                  '\0');
    return file + data_;
  }

 private:
  std::string head() const {
    std::string head = magic;
    append_number(head, version);
    append_number<std::uint64_t>(head, n_tensors.value_or(n_tensors_));
    append_number<std::uint64_t>(head, n_values.value_or(n_values_));
    return head;
  }

  std::string values_;
  std::string tensors_;
  std::string data_;
  std::uint64_t n_values_ = 0;
  std::uint64_t n_tensors_ = 0;
};

}  // namespace wick

// One metadata value of a GGUF file, as a view into its mapping. Not for keeping longer than the
// file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <string_view>
#include <vector>

namespace wick {

/// The numbers are those of the file format.
enum class GgufType : std::uint32_t {
  kU8 = 0,
  kI8 = 1,
  kU16 = 2,
  kI16 = 3,
  kU32 = 4,
  kI32 = 5,
  kF32 = 6,
  kBool = 7,
  kString = 8,
  kArray = 9,
  kU64 = 10,
  kI64 = 11,
  kF64 = 12,
};

/// `u32`, `string`, ...; for messages and for `wick inspect`.
std::string_view gguf_type_name(GgufType type) noexcept;
/// Bytes of one value; 0 for strings and arrays, whose length varies.
std::size_t gguf_type_bytes(GgufType type) noexcept;
bool is_gguf_integer(GgufType type) noexcept;
bool is_gguf_float(GgufType type) noexcept;

/// The strings of an array, in order: `for (std::string_view token : file.strings(key))`. Nothing
/// is copied.
class GgufStrings {
 public:
  class Iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = std::string_view;
    using difference_type = std::ptrdiff_t;
    using pointer = void;
    using reference = std::string_view;

    Iterator() = default;
    explicit Iterator(const std::byte* at) noexcept : at_(at) {}
    std::string_view operator*() const noexcept;
    Iterator& operator++() noexcept;
    Iterator operator++(int) noexcept;
    bool operator==(const Iterator& other) const noexcept { return at_ == other.at_; }

   private:
    const std::byte* at_ = nullptr;  ///< a 64-bit length, then that many bytes
  };

  GgufStrings() = default;
  /// `bytes` holds exactly `count` strings, each with its length before it.
  GgufStrings(std::span<const std::byte> bytes, std::uint64_t count) noexcept
      : bytes_(bytes), count_(count) {}
  std::uint64_t size() const noexcept { return count_; }
  bool empty() const noexcept { return count_ == 0; }
  Iterator begin() const noexcept { return Iterator(bytes_.data()); }
  Iterator end() const noexcept { return Iterator(bytes_.data() + bytes_.size()); }

 private:
  std::span<const std::byte> bytes_;
  std::uint64_t count_ = 0;
};

/// A key and its value. The reader has checked everything: bounds, lengths, that a bool is 0 or 1.
///
/// `bytes` refers to the mapping, at any alignment: the number; the text of a string; the elements
/// of an array, where strings have their length before them.
///
/// The `as_` functions fail with kBadFile and a sentence that names the key when the value is of
/// another kind or does not fit. Integers of any width serve each other; floats serve floats.
struct GgufValue {
  std::string_view key;
  GgufType type = GgufType::kU8;
  GgufType element = GgufType::kU8;  ///< of an array: the type of its elements, never kArray
  std::uint64_t count = 1;           ///< of an array: the number of elements
  std::span<const std::byte> bytes;

  std::uint64_t as_u64() const;
  std::int64_t as_i64() const;
  double as_f64() const;
  bool as_bool() const;
  std::string_view as_string() const;
  GgufStrings as_strings() const;
  /// Elements of a numeric array, converted and checked. T: std::int32_t, std::uint32_t,
  /// std::int64_t, std::uint64_t from integers (and bools); float, double from floats.
  template <class T>
  std::vector<T> as_numbers() const;
};

}  // namespace wick

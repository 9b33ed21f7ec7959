// Typed access to metadata values that the reader has checked.
#include "files/gguf_value.h"

#include <wick/error.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <type_traits>

#include "files/quoted.h"

namespace wick {
namespace {

struct TypeRow {
  std::string_view name;
  std::size_t n_bytes;
};

// In the order of the type numbers.
constexpr TypeRow kTypes[] = {
    {"u8", 1},   {"i8", 1},     {"u16", 2},   {"i16", 2}, {"u32", 4}, {"i32", 4}, {"f32", 4},
    {"bool", 1}, {"string", 0}, {"array", 0}, {"u64", 8}, {"i64", 8}, {"f64", 8},
};

template <class T>
T load(const std::byte* from) noexcept {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

// An integer of any width, without its sign lost: 65 bits' worth.
struct Integer {
  bool negative;
  std::uint64_t bits;  ///< two's complement
};

template <class T>
Integer integer_from(const std::byte* at) noexcept {
  const T value = load<T>(at);
  return {value < T{0}, static_cast<std::uint64_t>(value)};
}

Integer load_integer(GgufType type, const std::byte* at) noexcept {
  switch (type) {
    case GgufType::kI8:
      return integer_from<std::int8_t>(at);
    case GgufType::kU16:
      return integer_from<std::uint16_t>(at);
    case GgufType::kI16:
      return integer_from<std::int16_t>(at);
    case GgufType::kU32:
      return integer_from<std::uint32_t>(at);
    case GgufType::kI32:
      return integer_from<std::int32_t>(at);
    case GgufType::kU64:
      return integer_from<std::uint64_t>(at);
    case GgufType::kI64:
      return integer_from<std::int64_t>(at);
    default:
      return integer_from<std::uint8_t>(at);  // kU8, and kBool, which is one byte of 0 or 1
  }
}

double load_float(GgufType type, const std::byte* at) noexcept {
  return type == GgufType::kF32 ? static_cast<double>(load<float>(at)) : load<double>(at);
}

std::string describe(const GgufValue& value) {
  if (value.type != GgufType::kArray) return std::string(gguf_type_name(value.type));
  return "array of " + std::string(gguf_type_name(value.element));
}

[[noreturn]] void mistyped(const GgufValue& value, const char* needed) {
  fail(ErrorCode::kBadFile, "key ", quoted(value.key), ": has the wrong type, got ",
       describe(value), ", need ", needed);
}

template <class T>
T fit(const GgufValue& value, Integer number) {
  const bool fits =
      number.negative
          ? std::is_signed_v<T> && static_cast<std::int64_t>(number.bits) >=
                                       static_cast<std::int64_t>(std::numeric_limits<T>::min())
          : number.bits <= static_cast<std::uint64_t>(std::numeric_limits<T>::max());
  if (fits) return static_cast<T>(number.bits);
  const std::string got = number.negative ? std::to_string(static_cast<std::int64_t>(number.bits))
                                          : std::to_string(number.bits);
  fail(ErrorCode::kBadFile, "key ", quoted(value.key), ": is out of range, got ", got, ", need ",
       +std::numeric_limits<T>::min(), " to ", +std::numeric_limits<T>::max());
}

}  // namespace

std::string_view gguf_type_name(GgufType type) noexcept {
  const auto index = static_cast<std::size_t>(type);
  return index < std::size(kTypes) ? kTypes[index].name : "unknown";
}

std::size_t gguf_type_bytes(GgufType type) noexcept {
  const auto index = static_cast<std::size_t>(type);
  return index < std::size(kTypes) ? kTypes[index].n_bytes : 0;
}

bool is_gguf_float(GgufType type) noexcept {
  return type == GgufType::kF32 || type == GgufType::kF64;
}

bool is_gguf_integer(GgufType type) noexcept {
  return gguf_type_bytes(type) != 0 && !is_gguf_float(type) && type != GgufType::kBool;
}

std::string_view GgufStrings::Iterator::operator*() const noexcept {
  const auto length = load<std::uint64_t>(at_);
  return {reinterpret_cast<const char*>(at_ + sizeof length), length};
}

GgufStrings::Iterator& GgufStrings::Iterator::operator++() noexcept {
  at_ += sizeof(std::uint64_t) + load<std::uint64_t>(at_);
  return *this;
}

GgufStrings::Iterator GgufStrings::Iterator::operator++(int) noexcept {
  const Iterator before = *this;
  ++*this;
  return before;
}

std::uint64_t GgufValue::as_u64() const {
  if (!is_gguf_integer(type)) mistyped(*this, "an integer");
  return fit<std::uint64_t>(*this, load_integer(type, bytes.data()));
}

std::int64_t GgufValue::as_i64() const {
  if (!is_gguf_integer(type)) mistyped(*this, "an integer");
  return fit<std::int64_t>(*this, load_integer(type, bytes.data()));
}

double GgufValue::as_f64() const {
  if (!is_gguf_float(type)) mistyped(*this, "f32 or f64");
  return load_float(type, bytes.data());
}

bool GgufValue::as_bool() const {
  if (type != GgufType::kBool) mistyped(*this, "bool");
  return bytes[0] != std::byte{0};
}

std::string_view GgufValue::as_string() const {
  if (type != GgufType::kString) mistyped(*this, "string");
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

GgufStrings GgufValue::as_strings() const {
  if (type != GgufType::kArray || element != GgufType::kString) mistyped(*this, "array of string");
  return {bytes, count};
}

template <class T>
std::vector<T> GgufValue::as_numbers() const {
  constexpr bool kWantsFloat = std::is_floating_point_v<T>;
  const bool fits = type == GgufType::kArray &&
                    (kWantsFloat ? is_gguf_float(element)
                                 : is_gguf_integer(element) || element == GgufType::kBool);
  if (!fits) mistyped(*this, kWantsFloat ? "array of floats" : "array of integers");
  const std::size_t step = gguf_type_bytes(element);
  std::vector<T> values;
  values.reserve(count);  // the reader has found that many elements in the file
  for (const std::byte* at = bytes.data(); values.size() < count; at += step) {
    if constexpr (kWantsFloat)
      values.push_back(static_cast<T>(load_float(element, at)));
    else
      values.push_back(fit<T>(*this, load_integer(element, at)));
  }
  return values;
}

template std::vector<std::int32_t> GgufValue::as_numbers() const;
template std::vector<std::uint32_t> GgufValue::as_numbers() const;
template std::vector<std::int64_t> GgufValue::as_numbers() const;
template std::vector<std::uint64_t> GgufValue::as_numbers() const;
template std::vector<float> GgufValue::as_numbers() const;
template std::vector<double> GgufValue::as_numbers() const;

}  // namespace wick

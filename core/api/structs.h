// Structs that cross the C border, of a caller that may be older or newer than this library. Not
// what is in them.
#pragma once

#include <wick/wick.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "api/failure.h"

namespace wick::api {

/// The struct's size in the first release: less is no such struct.
template <class Struct>
constexpr std::uint32_t kFirstBytes = sizeof(Struct);

/// Over `own` goes what the caller has. Errors: kBadArgument for a size that is too small;
/// kIncompatible for fields that this library does not know and that are not zero.
void copy_in(const char* function, const void* given, std::span<std::byte> own,
             std::uint32_t first_bytes);
/// Over what the caller has goes `own`, as much as it has room for, but for its size. Errors:
/// kBadArgument for a size that is too small.
void copy_out(const char* function, std::span<const std::byte> own, void* given,
              std::uint32_t first_bytes);
/// The defaults, in as many bytes as the caller has.
void fill_defaults(std::span<const std::byte> defaults, void* given, std::uint32_t bytes) noexcept;

/// The caller's options; what it does not know of, and all where it gives null, as in `defaults`.
template <class Struct>
Struct options_of(const char* function, const Struct* given, const Struct& defaults) {
  Struct own = defaults;
  if (given != nullptr)
    copy_in(function, given, std::as_writable_bytes(std::span(&own, 1)), kFirstBytes<Struct>);
  return own;
}

template <class Struct>
void answer(const char* function, const Struct& own, Struct* given) {
  copy_out(function, std::as_bytes(std::span(&own, 1)), given, kFirstBytes<Struct>);
}

template <class Struct>
void init(Struct* given, std::uint32_t bytes, const Struct& defaults) noexcept {
  if (given != nullptr) fill_defaults(std::as_bytes(std::span(&defaults, 1)), given, bytes);
}

/// The rule for results of varying length. Errors: kBadArgument for a null pointer with room.
void copy_text(const char* function, std::string_view text, char* to, std::uint64_t capacity,
               std::uint64_t* n);
void copy_ids(const char* function, std::span<const std::int32_t> ids, std::int32_t* to,
              std::uint64_t capacity, std::uint64_t* n);

/// A caller's array. Errors: kBadArgument for null with a size.
template <class T>
std::span<const T> array_of(const char* function, const T* values, std::uint64_t n) {
  if (values == nullptr && n > 0)
    fail(ErrorCode::kBadArgument, function, ": got null for an array of ", n);
  return {values, static_cast<std::size_t>(n)};
}

/// Errors: kIncompatible for a flag that this library does not know.
void check_flags(const char* function, std::uint32_t flags, std::uint32_t known);

/// "" for null.
inline const char* or_empty(const char* text) noexcept {
  return text != nullptr ? text : "";
}

}  // namespace wick::api

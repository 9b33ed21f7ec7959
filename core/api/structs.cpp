// See structs.h.
#include "api/structs.h"

#include <algorithm>
#include <cstring>

namespace wick::api {
namespace {

// A size beyond this is no size: the struct was not initialized.
constexpr std::uint32_t kMostBytes = 4096;

std::uint32_t size_of(const char* function, const void* given, std::uint32_t first_bytes) {
  std::uint32_t bytes = 0;
  std::memcpy(&bytes, given, sizeof bytes);
  if (bytes < first_bytes || bytes > kMostBytes)
    fail(ErrorCode::kBadArgument, function, ": struct_size is ", bytes, ", need ", first_bytes,
         " at least; fill the struct by its _init function, or write its size");
  return bytes;
}

template <class T>
void copy_all(const char* function, std::span<const T> from, T* to, std::uint64_t capacity,
              std::uint64_t* n) {
  if (to == nullptr && capacity > 0)
    fail(ErrorCode::kBadArgument, function, ": got null for room of ", capacity);
  const auto room = static_cast<std::size_t>(std::min<std::uint64_t>(from.size(), capacity));
  if (room > 0) std::memcpy(to, from.data(), room * sizeof(T));
  if (n != nullptr) *n = from.size();
}

}  // namespace

void copy_in(const char* function, const void* given, std::span<std::byte> own,
             std::uint32_t first_bytes) {
  const std::uint32_t bytes = size_of(function, given, first_bytes);
  const auto* from = static_cast<const std::byte*>(given);
  for (std::size_t i = own.size(); i < bytes; ++i)
    if (from[i] != std::byte{0})
      fail(ErrorCode::kIncompatible, function, ": the options set what this libwick (",
           wick_version(), ") does not have; install a newer one");
  std::memcpy(own.data(), from, std::min<std::size_t>(own.size(), bytes));
}

void copy_out(const char* function, std::span<const std::byte> own, void* given,
              std::uint32_t first_bytes) {
  const std::uint32_t bytes = size_of(function, given, first_bytes);
  auto* to = static_cast<std::byte*>(given);
  std::memcpy(to + sizeof bytes, own.data() + sizeof bytes,
              std::min<std::size_t>(own.size(), bytes) - sizeof bytes);
  if (bytes > own.size()) std::memset(to + own.size(), 0, bytes - own.size());
}

void fill_defaults(std::span<const std::byte> defaults, void* given, std::uint32_t bytes) noexcept {
  if (bytes < sizeof bytes) return;
  std::memset(given, 0, bytes);
  std::memcpy(given, defaults.data(), std::min<std::size_t>(defaults.size(), bytes));
  std::memcpy(given, &bytes, sizeof bytes);
}

void check_flags(const char* function, std::uint32_t flags, std::uint32_t known) {
  if ((flags & ~known) != 0)
    fail(ErrorCode::kIncompatible, function, ": flags are ", flags, ", need none but those of ",
         known, "; install a newer libwick");
}

void copy_text(const char* function, std::string_view text, char* to, std::uint64_t capacity,
               std::uint64_t* n) {
  copy_all<char>(function, text, to, capacity, n);
}

void copy_ids(const char* function, std::span<const std::int32_t> ids, std::int32_t* to,
              std::uint64_t capacity, std::uint64_t* n) {
  copy_all<std::int32_t>(function, ids, to, capacity, n);
}

}  // namespace wick::api

// Reads a hostile file front to back without ever leaving it. Not for files whose content was
// already checked.
#pragma once

#include <wick/error.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

namespace wick {

/// A position in the bytes of a file; both outlive the cursor. Every read past the end is kBadFile
/// with a sentence that says what was being read. Little-endian, as the host must be.
class ByteCursor {
 public:
  ByteCursor(const std::string& path, std::span<const std::byte> bytes) noexcept
      : path_(path), bytes_(bytes) {}

  std::uint64_t position() const noexcept { return at_; }
  std::uint64_t left() const noexcept { return bytes_.size() - at_; }

  template <class T>
  T read(const char* what) {
    T value;
    std::memcpy(&value, take(sizeof value, what).data(), sizeof value);
    return value;
  }
  /// A 64-bit length, then that many bytes.
  std::string_view read_string(const char* what) {
    const std::span<const std::byte> text = take(read<std::uint64_t>(what), what);
    return {reinterpret_cast<const char*>(text.data()), text.size()};
  }
  std::span<const std::byte> take(std::uint64_t n_bytes, const char* what) {
    if (n_bytes > left())
      fail(ErrorCode::kBadFile, path_, ": the file ends inside ", what, " at byte ", at_, ", got ",
           left(), " bytes, need ", n_bytes, "; it is cut or damaged, fetch it again");
    const auto taken =
        bytes_.subspan(static_cast<std::size_t>(at_), static_cast<std::size_t>(n_bytes));
    at_ += n_bytes;
    return taken;
  }
  std::span<const std::byte> since(std::uint64_t start) const noexcept {
    return bytes_.subspan(static_cast<std::size_t>(start), static_cast<std::size_t>(at_ - start));
  }

 private:
  const std::string& path_;
  std::span<const std::byte> bytes_;
  std::uint64_t at_ = 0;
};

}  // namespace wick

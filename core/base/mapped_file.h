// A file seen as read-only memory. Not for writing: see atomic_file.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace wick {

/// Owns the mapping; the bytes stay valid, at the same address, until it is destroyed, moves
/// included. Reading is safe from any thread. A file that another process cuts while it is mapped
/// ends ours (SIGBUS): no mapping can prevent that. A built-in file is opened by its name, and is
/// memory of the program: advice about it is ignored.
class MappedFile {
 public:
  /// Errors: kMissingFile (not there, not allowed, a folder), kIo (cannot be mapped). An empty file
  /// has no bytes.
  static MappedFile open(const std::string& path);

  MappedFile() = default;
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  ~MappedFile();

  const std::string& path() const noexcept { return path_; }
  std::uint64_t size() const noexcept { return size_; }
  /// When the file was last written, in nanoseconds since 1970, as of open().
  std::int64_t modified_ns() const noexcept { return modified_ns_; }
  std::span<const std::byte> bytes() const noexcept { return {data_, size_}; }

  /// Tells the kernel that reading goes from front to back. Only a hint: never fails.
  void advise_sequential() const noexcept;
  /// Starts to read the pages of [offset, offset + bytes), and does not wait. Only a hint.
  void will_need(std::uint64_t offset, std::uint64_t bytes) const noexcept;
  /// Gives the whole pages inside [offset, offset + bytes) back; they are read from the file again
  /// if touched. Parts outside the file are ignored. Never fails.
  void drop(std::uint64_t offset, std::uint64_t bytes) const noexcept;

 private:
  std::string path_;
  const std::byte* data_ = nullptr;
  std::size_t size_ = 0;
  bool is_mapped_ = false;  // by us, to be ended by us
  std::int64_t modified_ns_ = 0;
};

}  // namespace wick

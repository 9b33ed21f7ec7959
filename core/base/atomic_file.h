// A result file that is either complete or not there: written beside, then renamed. Not for
// reading.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace wick {

/// Writes `path`.part-PID-N in the same folder; `commit` makes it `path`. Without commit the
/// destructor removes it, and a file that was at `path` before stays as it was. One thread at a
/// time. Every failure is kIo.
class AtomicFile {
 public:
  explicit AtomicFile(std::string path);
  AtomicFile(AtomicFile&& other) noexcept;
  AtomicFile& operator=(AtomicFile&& other) = delete;
  ~AtomicFile();

  const std::string& path() const noexcept { return path_; }
  /// Bytes written so far.
  std::uint64_t size() const noexcept { return size_; }

  void write(std::span<const std::byte> bytes);
  void write(std::string_view text);
  /// Writes over bytes that were written before: [offset, offset + bytes) must lie inside the file.
  void overwrite(std::uint64_t offset, std::span<const std::byte> bytes);
  /// To the disk, so that only the renaming can fail in commit().
  void flush();
  /// Flushes to the disk and renames. Nothing may be written afterwards.
  void commit();

 private:
  std::string path_;
  std::string temporary_;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
};

}  // namespace wick

// A result file that is either complete or not there. Not for reading.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace wick {

/// Writes a file without a name in the folder of `path`, of which nothing is left even where the
/// program is killed (O_TMPFILE of Linux); `commit` makes it `path`. Where there can be
/// none (the file system, no /proc, a policy) it has the name `path`.part-PID-N, and without commit
/// the destructor removes it. A file that was at `path` before stays as it was until then. One
/// thread at a time. Every failure is kIo.
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
  /// To the disk, so that only the naming can fail in commit().
  void flush();
  /// Flushes to the disk and puts it in place. Nothing may be written afterwards.
  void commit();

 private:
  std::string path_;
  std::string temporary_;  // its name until commit(); empty: it has none yet
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
};

}  // namespace wick

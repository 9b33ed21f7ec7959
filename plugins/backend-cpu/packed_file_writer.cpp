// Writing, by plain writes: a full disk is then an error, where a mapping would end the process.
#include "packed_file.h"

#include <wick/error.h>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "packed_file_format.h"

namespace wick::cpu {
namespace {

constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 28;  // of one write

/// Removed unless it was renamed.
class PartFile {
 public:
  explicit PartFile(const std::string& path) : path_(path) {
    static std::atomic<unsigned> count{0};
    part_ = path + ".part-" + std::to_string(::getpid()) + "-" + std::to_string(count++);
    ::unlink(part_.c_str());  // of a process that had this number and was killed
    descriptor_ = ::open(part_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (descriptor_ < 0) refuse(part_);
  }
  ~PartFile() {
    if (descriptor_ < 0) return;
    ::close(descriptor_);
    ::unlink(part_.c_str());
  }
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  std::uint64_t size() const noexcept { return size_; }
  void write(const void* bytes, std::uint64_t n_bytes) {
    write_at(size_, bytes, n_bytes);
    size_ += n_bytes;
  }
  void write_at(std::uint64_t offset, const void* bytes, std::uint64_t n_bytes) {
    const char* from = static_cast<const char*>(bytes);
    while (n_bytes > 0) {
      const ssize_t n =
          ::pwrite(descriptor_, from, std::min(n_bytes, kMostBytes), static_cast<off_t>(offset));
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) refuse(part_);
      from += n;
      offset += static_cast<std::uint64_t>(n);
      n_bytes -= static_cast<std::uint64_t>(n);
    }
  }
  void pad(std::uint64_t alignment) {
    static const char zeros[kPackedAlignment] = {};
    write(zeros, (alignment - size_ % alignment) % alignment);
  }
  /// On the disk before it has its name.
  void commit() {
    if (::fsync(descriptor_) != 0) refuse(part_);
    if (::rename(part_.c_str(), path_.c_str()) != 0) refuse(path_);
    ::close(descriptor_);
    descriptor_ = -1;
  }

 private:
  [[noreturn]] static void refuse(const std::string& path) {
    fail(ErrorCode::kIo, path, ": cannot be written: ", std::strerror(errno));
  }

  std::string path_, part_;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
};

void set(char* field, std::size_t capacity, const std::string& text) {
  if (text.size() >= capacity)
    fail(ErrorCode::kIo, "a name of ", text.size(), " bytes does not fit a file of packed weights");
  std::memcpy(field, text.data(), text.size());
}

}  // namespace

void write_packed_file(const std::string& path, const std::string& content,
                       const std::vector<PackedEntry>& entries) {
  PackedHeader header{};
  std::memcpy(header.magic, kPackedMagic, sizeof header.magic);
  header.version = kPackedFileVersion;
  header.n_entries = static_cast<std::uint32_t>(entries.size());
  set(header.wick, sizeof header.wick, WICK_PLUGIN_VERSION);
  set(header.content, sizeof header.content, content);
  PartFile file(path);
  file.write(&header, sizeof header);
  std::string index;
  for (const PackedEntry& entry : entries) {
    file.pad(kPackedAlignment);
    const PackedRecord record{static_cast<std::uint32_t>(entry.name.size()),
                              static_cast<std::uint32_t>(entry.signature.size()), file.size(),
                              entry.n_bytes};
    index.append(reinterpret_cast<const char*>(&record), sizeof record);
    index += entry.name + entry.signature;
    file.write(entry.data, entry.n_bytes);
  }
  file.pad(kPackedAlignment);
  header.index_at = file.size();
  header.index_bytes = index.size();
  file.write(index.data(), index.size());
  header.file_bytes = file.size();
  header.check = packed_check(header, index);
  file.write_at(0, &header, sizeof header);
  file.commit();
}

}  // namespace wick::cpu

// A file seen as read-only memory, by mmap.
#include "base/mapped_file.h"

#include <wick/error.h>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/built_in.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WICK_MAPPED_FILE_POISON
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define WICK_MAPPED_FILE_POISON
#endif
#if defined(WICK_MAPPED_FILE_POISON)
#include <sanitizer/asan_interface.h>
#endif

namespace wick {
namespace {

struct Descriptor {
  int number;
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
};

std::uint64_t page_bytes() {
  static const auto bytes = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  return bytes;
}

// madvise takes a mutable pointer though it writes nothing.
void* address(const std::byte* data) {
  return const_cast<std::byte*>(data);
}

// A read behind the file's end, but inside its last page, is silent; AddressSanitizer can be told
// to see it.
void forbid_tail([[maybe_unused]] const std::byte* data, [[maybe_unused]] std::uint64_t size) {
#if defined(WICK_MAPPED_FILE_POISON)
  __asan_poison_memory_region(data + size, (page_bytes() - size % page_bytes()) % page_bytes());
#endif
}

void allow_tail([[maybe_unused]] const std::byte* data, [[maybe_unused]] std::uint64_t size) {
#if defined(WICK_MAPPED_FILE_POISON)
  __asan_unpoison_memory_region(data + size, (page_bytes() - size % page_bytes()) % page_bytes());
#endif
}

}  // namespace

MappedFile MappedFile::open(const std::string& path) {
  if (const BuiltInFile* file = find_built_in_file(path)) {
    MappedFile result;
    result.path_ = path;
    result.data_ = file->bytes.data();
    result.size_ = file->bytes.size();
    return result;
  }
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.number < 0)
    fail(ErrorCode::kMissingFile, path, ": cannot be opened: ", std::strerror(errno),
         "; check the path and its permissions");
  struct stat status {};
  if (::fstat(file.number, &status) != 0)
    fail(ErrorCode::kIo, path, ": cannot be examined: ", std::strerror(errno));
  if (!S_ISREG(status.st_mode))
    fail(ErrorCode::kMissingFile, path, ": is ",
         S_ISDIR(status.st_mode) ? "a folder" : "a device or pipe", ", need a regular file");
  MappedFile result;
  result.path_ = path;
  result.modified_ns_ =
      std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
  if (status.st_size == 0) return result;
  const auto size = static_cast<std::size_t>(status.st_size);
  void* data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.number, 0);
  if (data == MAP_FAILED)
    fail(ErrorCode::kIo, path, ": cannot be mapped into memory: ", std::strerror(errno));
  result.data_ = static_cast<const std::byte*>(data);
  result.size_ = size;
  result.is_mapped_ = true;
  forbid_tail(result.data_, size);
  return result;
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : path_(std::move(other.path_)),
      data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      is_mapped_(std::exchange(other.is_mapped_, false)),
      modified_ns_(other.modified_ns_) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  std::swap(is_mapped_, other.is_mapped_);
  std::swap(modified_ns_, other.modified_ns_);
  return *this;
}

MappedFile::~MappedFile() {
  if (!is_mapped_) return;
  allow_tail(data_, size_);
  ::munmap(address(data_), size_);
}

void MappedFile::advise_sequential() const noexcept {
  if (is_mapped_) ::madvise(address(data_), size_, MADV_SEQUENTIAL);
}

void MappedFile::will_need(std::uint64_t offset, std::uint64_t bytes) const noexcept {
  if (!is_mapped_ || offset >= size_) return;
  const std::uint64_t end = offset + std::min<std::uint64_t>(bytes, size_ - offset);
  const std::uint64_t first = offset / page_bytes() * page_bytes();
  ::madvise(address(data_ + first), end - first, MADV_WILLNEED);
}

void MappedFile::drop(std::uint64_t offset, std::uint64_t bytes) const noexcept {
  if (!is_mapped_ || offset >= size_) return;
  const std::uint64_t end = offset + std::min<std::uint64_t>(bytes, size_ - offset);
  const std::uint64_t page = page_bytes();
  // Only whole pages: a border page also holds bytes that were not given back. The last page of the
  // file may be partial.
  const std::uint64_t first = (offset + page - 1) / page * page;
  const std::uint64_t last = end == size_ ? end : end / page * page;
  if (first < last) ::madvise(address(data_ + first), last - first, MADV_DONTNEED);
}

}  // namespace wick

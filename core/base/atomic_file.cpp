// A result file that is either complete or not there.
#include "base/atomic_file.h"

#include <wick/error.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

namespace wick {
namespace {

[[noreturn]] void cannot(const std::string& path, const char* what, int reason) {
  fail(ErrorCode::kIo, path, ": cannot be ", what, ": ", std::strerror(reason),
       "; check the folder, its permissions and its free space");
}

std::string temporary_name(const std::string& path) {
  static std::atomic<unsigned> n_files{0};
  return path + ".part-" + std::to_string(::getpid()) + "-" + std::to_string(n_files++);
}

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash + 1);
}

int open_nameless(const std::string& path) {
  return ::open(folder_of(path).c_str(), O_WRONLY | O_TMPFILE | O_CLOEXEC, 0666);
}

bool give_name(int descriptor, const std::string& name) {
  const std::string file = "/proc/self/fd/" + std::to_string(descriptor);
  ::unlink(name.c_str());  // of a program that had this number and was killed
  return ::linkat(AT_FDCWD, file.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0;
}

// Whether a file without a name may get one beside `path`: file systems have no such files, there
// is no /proc, a policy forbids links. It is tried, since at the end a result would be lost.
bool can_be_named_later(const std::string& path) {
  const int descriptor = open_nameless(path);
  if (descriptor < 0) return false;
  const std::string name = temporary_name(path);
  const bool has_name = give_name(descriptor, name);
  if (has_name) ::unlink(name.c_str());
  ::close(descriptor);
  return has_name;
}

// Makes the new name survive a power cut. Some file systems refuse it for folders; the file is
// whole either way.
void sync_folder_of(const std::string& path) {
  const int descriptor = ::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  static_cast<void>(::fsync(descriptor));
  ::close(descriptor);
}

}  // namespace

AtomicFile::AtomicFile(std::string path) : path_(std::move(path)) {
  // A rename would replace a device or a pipe by a file.
  struct stat status {};
  if (::stat(path_.c_str(), &status) == 0 && !S_ISREG(status.st_mode))
    fail(ErrorCode::kIo, path_, ": is a folder, device or pipe, need the name of a regular file");
  if (can_be_named_later(path_)) descriptor_ = open_nameless(path_);
  if (descriptor_ >= 0) return;
  temporary_ = temporary_name(path_);
  ::unlink(temporary_.c_str());  // of a program that had this number and was killed
  descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor_ < 0) cannot(path_, "created", errno);
}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : path_(std::move(other.path_)),
      temporary_(std::move(other.temporary_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      size_(other.size_) {}

AtomicFile::~AtomicFile() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void AtomicFile::write(std::span<const std::byte> bytes) {
  if (descriptor_ < 0)
    fail(ErrorCode::kBadArgument, path_, ": is finished, nothing may be written to it");
  while (!bytes.empty()) {
    const ssize_t n_bytes = ::write(descriptor_, bytes.data(), bytes.size());
    if (n_bytes < 0 && errno == EINTR) continue;
    if (n_bytes < 0) cannot(path_, "written", errno);
    bytes = bytes.subspan(static_cast<std::size_t>(n_bytes));
    size_ += static_cast<std::uint64_t>(n_bytes);
  }
}

void AtomicFile::write(std::string_view text) {
  write(std::as_bytes(std::span(text)));
}

void AtomicFile::overwrite(std::uint64_t offset, std::span<const std::byte> bytes) {
  if (descriptor_ < 0 || offset > size_ || bytes.size() > size_ - offset)
    fail(ErrorCode::kBadArgument, path_, ": cannot be overwritten from byte ", offset, " on, got ",
         bytes.size(), " bytes, need a place within the ", size_, " that were written");
  while (!bytes.empty()) {
    const ssize_t n_bytes =
        ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (n_bytes < 0 && errno == EINTR) continue;
    if (n_bytes < 0) cannot(path_, "written", errno);
    bytes = bytes.subspan(static_cast<std::size_t>(n_bytes));
    offset += static_cast<std::uint64_t>(n_bytes);
  }
}

void AtomicFile::flush() {
  if (descriptor_ < 0) fail(ErrorCode::kBadArgument, path_, ": is finished already");
  if (::fsync(descriptor_) != 0) cannot(path_, "flushed to the disk", errno);
}

void AtomicFile::commit() {
  flush();
  if (temporary_.empty()) {  // a link replaces nothing, a rename does
    const std::string name = temporary_name(path_);
    if (!give_name(descriptor_, name)) cannot(path_, "put in place", errno);
    temporary_ = name;
  }
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) cannot(path_, "put in place", errno);
  ::close(std::exchange(descriptor_, -1));
  sync_folder_of(path_);
}

}  // namespace wick

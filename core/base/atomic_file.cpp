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

std::string name_in_proc(int descriptor) {
  return "/proc/self/fd/" + std::to_string(descriptor);
}

// -1 where the file system makes no file without a name, or where there is no /proc, which a name
// for it comes from.
int open_nameless(const std::string& folder) {
  const int descriptor = ::open(folder.c_str(), O_WRONLY | O_TMPFILE | O_CLOEXEC, 0666);
  struct stat status {};
  if (descriptor < 0 || ::lstat(name_in_proc(descriptor).c_str(), &status) == 0) return descriptor;
  ::close(descriptor);
  return -1;
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
  descriptor_ = open_nameless(folder_of(path_));
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

// A link replaces nothing, a rename does.
void AtomicFile::give_name() {
  const std::string name = temporary_name(path_);
  ::unlink(name.c_str());
  if (::linkat(AT_FDCWD, name_in_proc(descriptor_).c_str(), AT_FDCWD, name.c_str(),
               AT_SYMLINK_FOLLOW) != 0)
    cannot(path_, "put in place", errno);
  temporary_ = name;
}

void AtomicFile::commit() {
  flush();
  if (temporary_.empty()) give_name();
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) cannot(path_, "put in place", errno);
  ::close(std::exchange(descriptor_, -1));
  sync_folder_of(path_);
}

}  // namespace wick

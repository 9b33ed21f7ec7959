// See kept_file.h.
#include "base/kept_file.h"

#include <wick/error.h>

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

namespace wick {

KeptFile::KeptFile(const std::string& path) : path_(path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return;
  const std::string kept = path + ".old-" + std::to_string(::getpid());
  // One of a program of the same number, that was killed.
  ::unlink(kept.c_str());
  if (::link(path.c_str(), kept.c_str()) != 0 && std::rename(path.c_str(), kept.c_str()) != 0)
    fail(ErrorCode::kIo, path, ": cannot be kept while it is replaced: ", std::strerror(errno),
         "; check the folder and its permissions");
  kept_ = kept;
}

KeptFile::KeptFile(KeptFile&& other) noexcept
    : path_(std::move(other.path_)), kept_(std::exchange(other.kept_, {})) {}

KeptFile::~KeptFile() {
  if (!kept_.empty()) ::unlink(kept_.c_str());
}

void KeptFile::put_back() noexcept {
  if (kept_.empty()) {
    ::unlink(path_.c_str());
  } else if (std::rename(kept_.c_str(), path_.c_str()) == 0) {
    // Two names of one file stay where the new one never came: the end removes the second.
    if (::access(kept_.c_str(), F_OK) != 0) kept_.clear();
  } else {
    kept_.clear();  // better under that name than lost
  }
}

}  // namespace wick

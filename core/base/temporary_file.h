// The name of a file that is there for a while.
#pragma once

#include <string>
#include <utility>

namespace wick {

/// Makes nothing: whoever writes the file does. Removes it at the end, if it is there.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::string path) : path_(std::move(path)) {}
  TemporaryFile(TemporaryFile&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  TemporaryFile& operator=(TemporaryFile&&) = delete;
  ~TemporaryFile();

  const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
};

}  // namespace wick

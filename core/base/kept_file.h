// A file that is about to be replaced, for as long as that may still go wrong.
#pragma once

#include <string>

namespace wick {

/// Keeps the regular file at `path`, if there is one, under another name in its folder: by a second
/// link, so that the file never lacks at its own name; by a new name where the file system has no
/// links. Its end removes that name.
class KeptFile {
 public:
  /// Errors: kIo.
  explicit KeptFile(const std::string& path);
  KeptFile(KeptFile&& other) noexcept;
  KeptFile& operator=(KeptFile&&) = delete;
  ~KeptFile();

  /// Puts it back in its place, in place of whatever is there now; where no file was, removes that.
  void put_back() noexcept;

 private:
  std::string path_;
  std::string kept_;  ///< empty: nothing was there
};

}  // namespace wick

// What the fuzz targets share: a folder for files that are read by path, and what an error must be.
#pragma once

#include <wick/error.h>

#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace wick::fuzz {

/// Of this process, in the folder for temporary files; goes with it.
class Folder {
 public:
  Folder() {
    std::string made = (std::filesystem::temp_directory_path() / "wick-fuzz-XXXXXX").string();
    if (!::mkdtemp(made.data())) std::abort();
    path_ = made;
  }
  /// With what every input finds there.
  explicit Folder(void (*fill)(const Folder&)) : Folder() { fill(*this); }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const std::string& path() const noexcept { return path_; }
  std::string path_of(const char* name) const { return path_ + "/" + name; }
  void write(const char* name, std::string_view bytes) const {
    std::ofstream file(path_of(name), std::ios::binary | std::ios::trunc);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!file) std::abort();
  }
  /// A file of tests/fuzz/checkpoint.
  void copy(const char* name) const {
    std::filesystem::copy_file(std::string(WICK_TEST_SOURCE_DIR "/tests/fuzz/checkpoint/") + name,
                               path_of(name));
  }

 private:
  std::string path_;
};

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

[[noreturn]] inline void found(const Error& error) {
  std::fprintf(stderr, "no error of a file (%d): %s\n", static_cast<int>(error.code()),
               error.what());
  __builtin_trap();
}

/// Reads what is hostile: only the errors of files may come out, one printable line each.
template <class Read>
void must_read_or_refuse(Read read) {
  try {
    read();
  } catch (const Error& error) {
    const ErrorCode code = error.code();
    const bool is_of_file = code == ErrorCode::kBadFile || code == ErrorCode::kMissingFile ||
                            code == ErrorCode::kUnavailable;
    const std::string_view sentence = error.what();
    if (!is_of_file || sentence.empty()) found(error);
    for (const char c : sentence)
      if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') found(error);
  }
}

}  // namespace wick::fuzz

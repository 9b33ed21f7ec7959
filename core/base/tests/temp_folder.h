// A folder of a test's own, and the error that a call leaves with. Not for programs.
#pragma once

#include <gtest/gtest.h>
#include <wick/error.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

namespace wick {

/// Made empty, removed with everything in it at the end.
class TempFolder {
 public:
  TempFolder() {
    static int n_folders = 0;
    path_ = std::filesystem::temp_directory_path() /
            ("wick-test-" + std::to_string(::getpid()) + "-" + std::to_string(n_folders++));
    std::filesystem::create_directories(path_);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  std::string file(std::string_view name) const { return (path_ / name).string(); }
  std::string write(std::string_view name, std::string_view bytes) const {
    std::ofstream(file(name), std::ios::binary) << bytes;
    return file(name);
  }
  std::size_t n_files() const {
    const std::filesystem::directory_iterator first(path_);
    return static_cast<std::size_t>(std::distance(first, std::filesystem::directory_iterator()));
  }

 private:
  std::filesystem::path path_;
};

inline std::string read_whole(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The Error that `call` throws; nothing where it throws none.
template <class Call>
std::optional<Error> error_of(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error;
  }
  return std::nullopt;
}

/// Fails the test unless `call` throws `code` with a sentence that contains `word`.
template <class Call>
void expect_error(ErrorCode code, std::string_view word, Call call) {
  const std::optional<Error> error = error_of(call);
  ASSERT_TRUE(error.has_value()) << "no error; its sentence should hold: " << word;
  EXPECT_EQ(error->code(), code) << error->what();
  EXPECT_NE(std::string(error->what()).find(word), std::string::npos)
      << "the sentence: " << error->what() << "\nshould hold: " << word;
}

}  // namespace wick

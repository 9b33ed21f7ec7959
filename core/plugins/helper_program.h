// The programs that run plugins in a process of their own. Not for the `wick` program itself.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace wick {

/// How one is started: a file, and the words before its own arguments.
struct HelperProgram {
  std::filesystem::path file;
  std::vector<std::string> words{};
};

/// `name` in the folder wick/ beside libwick, in the build tree as in an installed one. Whether it
/// is there is for the caller to ask. A static program is its own helper: `name` is its first word.
/// Errors: kInternal.
HelperProgram helper_program(std::string_view name);

}  // namespace wick

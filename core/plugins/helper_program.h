// The programs that run plugins in a process of their own. Not for the `wick` program itself.
#pragma once

#include <filesystem>
#include <string_view>

namespace wick {

/// `name` in the folder wick/ beside libwick, in the build tree as in an installed one. Whether it
/// is there is for the caller to ask. Errors: kInternal.
std::filesystem::path helper_program(std::string_view name);

}  // namespace wick

// Whether this program can open libraries. Only one that is linked statically has to ask.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wick {

/// Why `libc.so.6` of the first of `folders` that has one is not the C library `linked`, by the
/// line in which it names itself; nothing where it is, or where `linked` is empty.
std::optional<std::string> foreign_c_library(std::string_view linked,
                                             const std::vector<std::filesystem::path>& folders);

/// The same of this program and this system; looked at once.
const std::optional<std::string>& foreign_c_library();

}  // namespace wick

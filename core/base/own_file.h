// Which file this code lies in.
#pragma once

#include <filesystem>

namespace wick {

/// libwick, or the program where it is linked into one: absolute, without links. Errors: kInternal.
std::filesystem::path own_file();

}  // namespace wick

// --ctx of commands that score a text window by window.
#pragma once

#include <cstdint>

#include "cli/arguments.h"

namespace wick::cli {

/// Tokens of a window; 512 if not given. Errors: kUsage.
std::uint32_t window_option(const Arguments& arguments);

}  // namespace wick::cli

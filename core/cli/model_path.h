// Which model file a command works on.
#pragma once

#include <string>

#include "cli/arguments.h"

namespace wick::cli {

/// -m, or the small model that is installed with Wick. Errors: kMissingFile, kBadFile, for an
/// installation without it.
std::string model_path(const Arguments& arguments);

}  // namespace wick::cli

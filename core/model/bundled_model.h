// The small model that is installed with Wick.
#pragma once

#include <string>

namespace wick {

/// Its path. Errors: kMissingFile, kBadFile, for an installation without it.
std::string bundled_model_path();

}  // namespace wick

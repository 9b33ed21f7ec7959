// The one place of the library that the build gives its version to.
#include "base/version.h"

namespace wick {

std::string_view library_version() noexcept {
  return WICK_VERSION;
}

}  // namespace wick

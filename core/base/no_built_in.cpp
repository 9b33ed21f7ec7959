// libwick as a library of its own: it carries nothing, and uses the system's C library.
#include "base/built_in.h"

namespace wick {

const BuiltIn& built_in() noexcept {
  static const BuiltIn nothing{};
  return nothing;
}

}  // namespace wick

// One host is played in a process.
#include "skew.h"

namespace wick::check {

Skew& skew() noexcept {
  static Skew played;
  return played;
}

std::string& breach() {
  static std::string first;
  return first;
}

}  // namespace wick::check

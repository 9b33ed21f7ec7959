// scale@1: every value times one number.
#pragma once

#include "conformance/reference/matrix.h"

namespace wick::reference {

inline Matrix scale(const Matrix& x, double factor) {
  return map(x, [factor](double v) { return v * factor; });
}

}  // namespace wick::reference

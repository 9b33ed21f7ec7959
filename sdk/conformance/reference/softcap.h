// softcap@1: cap * tanh(x / cap) (Bello et al., 2016, arXiv 1611.09940; logits of Gemma 2).
#pragma once

#include "conformance/reference/matrix.h"

#include <cmath>

namespace wick::reference {

inline Matrix softcap(const Matrix& x, double cap) {
  return map(x, [cap](double v) { return cap * std::tanh(v / cap); });
}

}  // namespace wick::reference

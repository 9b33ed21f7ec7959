// swiglu@1: the gated unit of Shazeer, 2020, arXiv 2002.05202.
#pragma once

#include "conformance/reference/mul.h"
#include "conformance/reference/silu.h"

namespace wick::reference {

/// silu(gate) * up; both [rows, width].
inline Matrix swiglu(const Matrix& gate, const Matrix& up) {
  return mul(silu(gate), up);
}

}  // namespace wick::reference

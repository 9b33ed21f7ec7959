// select_rows@1: the rows whose outputs are wanted; behind it rows are outputs, not tokens.
#pragma once

#include "conformance/reference/matrix.h"

#include <wick/abi/graph.h>

#include <algorithm>

namespace wick::reference {

/// x [n_tokens, width]; returns [n_outputs, width].
inline Matrix select_rows(const Matrix& x, const wick_batch& batch) {
  Matrix y(batch.n_outputs, x.width);
  for (std::uint32_t i = 0; i < batch.n_outputs; ++i)
    std::copy_n(x.row(batch.output_rows[i]), x.width, y.row(i));
  return y;
}

}  // namespace wick::reference

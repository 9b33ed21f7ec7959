// embed@1: the row of a table for every token.
#pragma once

#include "conformance/reference/matrix.h"

#include <wick/abi/graph.h>

#include <algorithm>

namespace wick::reference {

/// table [vocab, width]; returns [n_tokens, width].
inline Matrix embed(const Matrix& table, const wick_batch& batch) {
  Matrix out(batch.n_tokens, table.width);
  for (std::uint32_t t = 0; t < batch.n_tokens; ++t) {
    const double* row = table.row(static_cast<std::size_t>(batch.token_ids[t]));
    std::copy(row, row + table.width, out.row(t));
  }
  return out;
}

}  // namespace wick::reference

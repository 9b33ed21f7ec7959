// short_conv@1: a causal convolution of every channel over the last few tokens of its sequence, as
// in LFM2 and Mamba (Gu and Dao, 2023, arXiv 2312.00752).
#pragma once

#include "conformance/reference/matrix.h"

#include <wick/abi/graph.h>

#include <algorithm>
#include <cstdint>

namespace wick::reference {

/// The last width - 1 inputs behind the last token that was written into each block, oldest first.
struct ConvState {
  Matrix snapshots;  ///< [n_blocks * (width - 1), channels]
};

/// x [n_tokens, channels], kernel [channels, width]:
/// y[t, c] = sum over j of kernel[c, j] * x[t - width + 1 + j, c]; inputs before position 0 are 0.
///
/// A run that starts at position p > 0 finds the inputs before it in the block of position p - 1;
/// behind every token the inputs are left in the block of that token, so that a block ends up with
/// those of its last one.
inline Matrix short_conv(const Matrix& x, const Matrix& kernel, ConvState& state,
                         const wick_batch& batch) {
  const std::size_t width = kernel.width, channels = x.width, kept = width - 1;
  Matrix y(x.n_rows, channels);
  for (std::uint32_t r = 0; r < batch.n_runs; ++r) {
    const wick_run& run = batch.runs[r];
    Matrix before(kept, channels);
    if (run.first_position > 0) {
      const std::size_t block = run.blocks[(run.first_position - 1) / WICK_BLOCK_TOKENS];
      std::copy_n(state.snapshots.row(block * kept), kept * channels, before.values.begin());
    }
    for (std::uint32_t i = 0; i < run.n_tokens; ++i) {
      const double* now = x.row(run.first_token + i);
      for (std::size_t c = 0; c < channels; ++c) {
        double sum = kernel.row(c)[kept] * now[c];
        for (std::size_t j = 0; j < kept; ++j) sum += kernel.row(c)[j] * before.row(j)[c];
        y.row(run.first_token + i)[c] = sum;
      }
      before.values.insert(before.values.end(), now, now + channels);
      before.values.erase(before.values.begin(),
                          before.values.begin() + static_cast<std::ptrdiff_t>(channels));
      const std::size_t block = run.blocks[(run.first_position + i) / WICK_BLOCK_TOKENS];
      std::copy(before.values.begin(), before.values.end(), state.snapshots.row(block * kept));
    }
  }
  return y;
}

}  // namespace wick::reference

// How much each column of a weight matrix matters: what the model multiplied it with, squared and
// summed over a text. In files: importance_file.h.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace wick {

/// Of one weight. A weight of experts is one matrix for each.
struct ColumnSums {
  std::vector<float> sums;    ///< of squares: [n_matrices, n_cols]
  std::vector<float> counts;  ///< rows that were multiplied with each matrix

  std::uint64_t n_matrices() const noexcept { return counts.size(); }
};

struct Importance {
  std::map<std::string, ColumnSums, std::less<>> entries;  ///< by tensor
  std::vector<std::string> datasets;                       ///< where the text came from
  std::uint32_t n_windows = 0, window = 0;                 ///< 0: not known

  /// Weights for an encoder, of each matrix in turn: the mean square of each column, at least a
  /// ten-thousandth of their mean, so that no value is free of weight. Ones for a matrix that was
  /// never used, or with nothing but zeros.
  static std::vector<float> weights(const ColumnSums& sums);
};

}  // namespace wick

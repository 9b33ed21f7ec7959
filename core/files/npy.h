// NumPy's .npy files of float32 matrices, as `wick logits` writes them. Not a general reader.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/atomic_file.h"

namespace wick {

/// Writes [n_rows, n_cols] float32, C order, row by row. The file appears with `finish`. One thread
/// at a time.
class NpyWriter {
 public:
  NpyWriter(const std::string& path, std::uint64_t n_rows, std::uint64_t n_cols);
  /// Any number of whole rows: values.size() is a multiple of n_cols, else kBadArgument; too many
  /// rows too.
  void write(std::span<const float> values);
  /// All rows must have been written, else kBadArgument.
  void finish();

 private:
  AtomicFile file_;
  std::uint64_t n_cols_;
  std::uint64_t n_values_left_;
};

struct NpyMatrix {
  std::uint64_t n_rows = 0;
  std::uint64_t n_cols = 0;
  std::vector<float> values;  ///< [n_rows, n_cols]
};

/// Reads a little-endian float32 C-order array of one (n_rows is 1) or two dimensions; kBadFile for
/// anything else.
NpyMatrix read_npy(const std::string& path);

}  // namespace wick

// See tensor_plan.h.
#include "quantize/tensor_plan.h"

#include <algorithm>

namespace wick {

const std::byte* PlannedTensor::row(std::uint64_t row) const noexcept {
  const std::uint64_t rows_a_part = n_rows / parts.size();
  const SourcePart& part = parts[row / rows_a_part];
  std::uint64_t at = row % rows_a_part;
  if (n_heads > 0) {
    const std::uint64_t rows_a_head = rows_a_part / n_heads, in_head = at % rows_a_head;
    at += in_head / 2 + in_head % 2 * (rows_a_head / 2) - in_head;
  }
  return part.data.data() + at * stored_row_bytes();
}

const float* PlannedTensor::row_importance(std::uint64_t row) const noexcept {
  if (importance.empty()) return nullptr;
  const std::uint64_t rows_a_matrix = n_rows * n_cols / importance.size();
  return importance.data() + row / rows_a_matrix * n_cols;
}

void PlannedTensor::drop(std::uint64_t first, std::uint64_t count) const noexcept {
  const std::uint64_t rows_a_part = n_rows / parts.size();
  // Interleaved rows come from all over a head: they go when all have been read.
  if (n_heads > 0 && first + count < n_rows) return;
  if (n_heads > 0) first = 0, count = n_rows;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::uint64_t begin = std::max(first, i * rows_a_part),
                        end = std::min(first + count, (i + 1) * rows_a_part);
    if (begin < end && parts[i].file)
      parts[i].file->drop(parts[i].offset + (begin - i * rows_a_part) * stored_row_bytes(),
                          (end - begin) * stored_row_bytes());
  }
}

}  // namespace wick

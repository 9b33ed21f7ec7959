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
    const std::uint64_t turning = n_rotary > 0 ? n_rotary : rows_a_head;
    if (in_head < turning) at += in_head / 2 + in_head % 2 * (turning / 2) - in_head;
  }
  return part.data.data() + at * stored_row_bytes();
}

const float* PlannedTensor::row_importance(std::uint64_t row) const noexcept {
  if (importance.empty()) return nullptr;
  const std::uint64_t rows_a_matrix = n_rows * n_cols / importance.size();
  return importance.data() + row / rows_a_matrix * n_cols;
}

template <class Visit>
void PlannedTensor::each_range(std::uint64_t first, std::uint64_t count, Visit visit) const {
  const std::uint64_t rows_a_part = n_rows / parts.size();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::uint64_t begin = std::max(first, i * rows_a_part),
                        end = std::min(first + count, (i + 1) * rows_a_part);
    if (begin < end && parts[i].file)
      visit(*parts[i].file, parts[i].offset + (begin - i * rows_a_part) * stored_row_bytes(),
            (end - begin) * stored_row_bytes());
  }
}

void PlannedTensor::will_need(std::uint64_t first, std::uint64_t count) const noexcept {
  if (n_heads > 0) {  // interleaved rows come from all over a head
    const std::uint64_t rows_a_head = n_rows / n_heads, end = first + count;
    first = first / rows_a_head * rows_a_head;
    count = std::min(n_rows, (end + rows_a_head - 1) / rows_a_head * rows_a_head) - first;
  }
  each_range(first, count, [](const MappedFile& from, std::uint64_t offset, std::uint64_t bytes) {
    from.will_need(offset, bytes);
  });
}

void PlannedTensor::drop(std::uint64_t first, std::uint64_t count) const noexcept {
  // Interleaved rows come from all over a head: they go when all have been read.
  if (n_heads > 0 && first + count < n_rows) return;
  if (n_heads > 0) first = 0, count = n_rows;
  each_range(first, count, [](const MappedFile& from, std::uint64_t offset, std::uint64_t bytes) {
    from.drop(offset, bytes);
  });
}

}  // namespace wick

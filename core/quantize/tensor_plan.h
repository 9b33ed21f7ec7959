// One tensor of the file to be: where its rows come from, how they are stored there, and as what.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/mapped_file.h"
#include "quantize/weight_type.h"

namespace wick {

/// Rows that lie one behind the other in a file.
struct SourcePart {
  const MappedFile* file = nullptr;  ///< null: memory, in PlannedTensor::made
  std::uint64_t offset = 0;          ///< of the first byte in the file
  std::span<const std::byte> data;
};

struct PlannedTensor {
  std::string name;
  std::string source_name;          ///< in the checkpoint, for messages
  std::vector<std::uint64_t> dims;  ///< 1 to 4, outermost first
  WeightType type;                  ///< of the result
  WeightType stored;                ///< of the source; the same: bytes are copied
  std::uint64_t n_rows = 0, n_cols = 0;
  std::vector<SourcePart> parts;  ///< of equal length, stacked in order
  /// Rows are interleaved head by head: of the two halves of a head's first n_rotary rows, one row
  /// each in turn. 0 heads: not.
  std::uint64_t n_heads = 0;
  std::uint32_t file = 0;      ///< of several that the result is written in
  std::uint64_t n_rotary = 0;  ///< even; 0: all rows of a head
  std::vector<float>
      importance;           ///< of each column, of experts for each; empty: all weigh the same
  std::vector<float> made;  ///< what parts refers to where there is no file

  std::uint64_t stored_row_bytes() const noexcept { return stored.bytes(n_cols); }
  /// Where the values of a row of the result lie.
  const std::byte* row(std::uint64_t row) const noexcept;
  /// Has rows read from the disk that are needed soon. Only a hint.
  void will_need(std::uint64_t first, std::uint64_t count) const noexcept;
  /// What the values of a row of the result weigh, [n_cols]; null: all the same.
  const float* row_importance(std::uint64_t row) const noexcept;
  /// Of rows that were read: gives their pages back, as far as they are contiguous.
  void drop(std::uint64_t first, std::uint64_t count) const noexcept;

 private:
  /// visit(file, offset, bytes) for the bytes of the rows in each part that has some.
  template <class Visit>
  void each_range(std::uint64_t first, std::uint64_t count, Visit visit) const;
};

}  // namespace wick

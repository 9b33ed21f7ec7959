// A weight in packed memory: filling it tile by tile, and reading single rows back. Not for
// products.
#pragma once

#include <wick/abi/backend.h>

#include <cstdint>
#include <memory>

#include "layout.h"
#include "memory.h"
#include "packed_file.h"

namespace wick::cpu {

class Weight {
 public:
  explicit Weight(const wick_weight_desc& desc);
  /// Full from the start: `data` is part of the file, and has layout().total_bytes bytes.
  Weight(const wick_weight_desc& desc, std::shared_ptr<const PackedFile> file,
         const std::uint8_t* data);

  const Layout& layout() const noexcept { return layout_; }
  const std::uint8_t* data() const noexcept { return file_ ? mapped_ : memory_.data(); }
  bool is_mapped() const noexcept { return file_ != nullptr; }
  const float* vector() const noexcept { return reinterpret_cast<const float*>(data()); }
  /// The layout for kernels; lives as long as the weight.
  const Packed& packed() const noexcept { return packed_; }
  std::uint64_t bytes() const noexcept { return layout_.total_bytes; }

  /// See wick_backend_v1::weight_put; from any thread on disjoint rows.
  void put(std::uint64_t first_row, std::uint64_t first_col, const wick_unpacked& tile);
  void put_plain(std::uint64_t first_row, std::uint64_t n_rows, const void* rows);

  /// out[0 .. n_cols) = the row, decoded exactly.
  void read_row(std::uint64_t row, float* out) const noexcept;

 private:
  void check_empty() const;

  Layout layout_;
  Packed packed_;
  Memory memory_;                           ///< empty where the weight is mapped
  std::shared_ptr<const PackedFile> file_;  ///< null where it is packed
  const std::uint8_t* mapped_ = nullptr;
};

}  // namespace wick::cpu

// A weight in packed memory: filling it tile by tile, and reading single rows back. Not for
// products.
#pragma once

#include <wick/abi/backend.h>

#include <cstdint>

#include "layout.h"
#include "memory.h"

namespace wick::cpu {

class Weight {
 public:
  explicit Weight(const wick_weight_desc& desc);

  const Layout& layout() const noexcept { return layout_; }
  const std::uint8_t* data() const noexcept { return memory_.data(); }
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
  Layout layout_;
  Packed packed_;
  Memory memory_;
};

}  // namespace wick::cpu

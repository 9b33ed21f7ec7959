// Products of many tokens by CLBlast: tiles of the weight's rows are unpacked to floats first.
#pragma once

#include "ops/product.h"

namespace wick::opencl {

/// Rows of a tile, so that it is not too large, and aligned where rows are not too long for that.
std::uint32_t unpacked_rows(std::uint64_t n_in, std::uint64_t n_out) noexcept;
/// What CLBlast needs beside, at most: copies of operands whose sides are multiples of its tiles'.
std::uint64_t clblast_temp_bytes(std::uint64_t n_rows, std::uint64_t n_tokens,
                                 std::uint64_t n_in) noexcept;

class UnpackedProduct {
 public:
  UnpackedProduct(Program& program, const Product& product);
  /// Throws what CLBlast reports; then the output holds anything.
  void run(Launcher& launcher, std::uint32_t n_rows) const;
  /// Values that the step writes besides the product.
  std::vector<std::uint32_t> scratch() const { return {tile_, temp_}; }

 private:
  void multiply(Launcher& launcher, std::uint32_t first_row, std::uint32_t n_tile,
                std::uint32_t n_rows) const;

  Product product_;
  std::uint32_t tile_rows_;
  std::uint64_t temp_bytes_;
  std::uint32_t tile_, temp_;  // values
  Kernel unpack_;
};

}  // namespace wick::opencl

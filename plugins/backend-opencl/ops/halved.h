// Products of many tokens by CLBlast in f16, which sums in f16 too: columns are cut into chunks,
// which are products of their own and are added in f32.
#pragma once

#include "ops/product.h"

namespace wick::opencl {

/// How a product is cut. Sides are multiples of those of CLBlast's tiles: it makes no copies then.
struct Halving {
  std::uint32_t n_chunks, chunk;           ///< of columns; columns of each
  std::uint32_t tile_rows, padded_tokens;  ///< rows of the weight at once
  std::uint64_t columns() const noexcept { return std::uint64_t{n_chunks} * chunk; }
};
/// Halves of a tile and of its chunks' products are 32 MiB each, or as many as 128 rows take.
Halving halving_of(std::uint64_t n_in, std::uint64_t n_out, std::uint64_t n_tokens) noexcept;

class HalvedProduct {
 public:
  HalvedProduct(Program& program, const Product& product);
  /// Throws what CLBlast reports; then the output holds anything.
  void run(Launcher& launcher, std::uint32_t n_rows) const;
  /// Values that the step writes besides the product.
  std::vector<std::uint32_t> scratch() const {
    return {weights_, inputs_, parts_, of_rows_, of_tokens_};
  }

 private:
  void multiply(Launcher& launcher, std::uint32_t padded_tokens) const;

  Product product_;
  Halving halving_;
  std::uint32_t weights_, inputs_, parts_, of_rows_, of_tokens_;  // values
  Kernel halve_input_, halve_weights_, sum_chunks_;
};

}  // namespace wick::opencl

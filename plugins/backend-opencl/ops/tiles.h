// Products of many tokens: by our own tiles.
#pragma once

#include "ops/product.h"

namespace wick::opencl {

/// What runs a product of more than kMostVectors tokens.
class TileKernels {
 public:
  TileKernels(Program& program, const Product& product);
  void run(Launcher& launcher, std::uint32_t n_rows) const;

 private:
  void run_own(Launcher& launcher, std::uint32_t n_rows) const;

  Product product_;
  bool is_cpu_;
  std::uint32_t tile_;
  Kernel own_;
};

}  // namespace wick::opencl

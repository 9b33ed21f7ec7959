// Products of many tokens: by our own tiles, or by CLBlast where the user says so or it was faster.
#pragma once

#include <memory>
#include <vector>

#include "ops/halved.h"
#include "ops/unpacked.h"

namespace wick::opencl {

/// What runs a product of more than kMostVectors tokens.
class TileKernels {
 public:
  TileKernels(Program& program, const Product& product);
  void run(Launcher& launcher, std::uint32_t n_rows) const;
  /// Values that the step writes besides the product.
  const std::vector<std::uint32_t>& scratch() const noexcept { return scratch_; }

 private:
  void run_own(Launcher& launcher, std::uint32_t n_rows) const;
  double seconds_by(Launcher& launcher, std::uint32_t n_rows, GemmWay way) const;
  void run_by(Launcher& launcher, std::uint32_t n_rows, GemmWay way) const;
  GemmWay way_for(Launcher& launcher, std::uint32_t n_rows) const;
  void measure(Launcher& launcher, std::uint32_t n_rows, const std::string& shape) const;

  Product product_;
  bool by_cores_;
  GemmWay way_;
  GemmChoices* choices_;
  std::uint32_t tile_;
  Kernel own_;
  std::unique_ptr<const UnpackedProduct> unpacked_;
  std::unique_ptr<const HalvedProduct> halved_;  // null: f16 is no choice
  std::vector<std::uint32_t> scratch_;
};

}  // namespace wick::opencl

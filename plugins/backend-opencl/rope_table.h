// Cosines and sines of rope@1 on the device, for as many positions as runs have come to. Not for
// the rotation.
#pragma once

#include <wick/sdk/rope_angles.h>

#include "device.h"

namespace wick::opencl {

class RopeTable {
 public:
  explicit RopeTable(sdk::RopeAngles angles) : angles_(std::move(angles)) {}

  const sdk::RopeAngles& angles() const noexcept { return angles_; }
  /// Room for so many positions.
  void reserve(Device& device, std::uint32_t n_positions);
  const Memory& memory() const noexcept { return memory_; }
  cl_mem handle() const noexcept { return memory_.handle(); }
  /// Of a table with room for so many.
  std::uint64_t bytes_for(std::uint32_t n_positions) const noexcept {
    return capacity_for(n_positions) * angles_.n_pairs() * 2 * sizeof(float);
  }

 private:
  static std::uint64_t capacity_for(std::uint32_t n_positions) noexcept;

  sdk::RopeAngles angles_;
  std::uint32_t n_positions_ = 0;
  Memory memory_;
};

}  // namespace wick::opencl

// Cosines and sines of rope@1 on the device, for as many positions as runs have come to. Not for
// computing them (rope_angles.h of the SDK), nor for the rotation.
#pragma once

#include <wick/sdk/rope_angles.h>

#include <cstdint>
#include <memory>
#include <utility>

#include "device.h"

namespace wick::vulkan {

class RopeTable {
 public:
  explicit RopeTable(sdk::RopeAngles angles) : angles_(std::move(angles)) {}

  const sdk::RopeAngles& angles() const noexcept { return angles_; }
  /// Room for so many positions; true where the table moved.
  bool reserve(Device& device, std::uint32_t n_positions);
  std::uint64_t address() const noexcept { return memory_ ? memory_->address() : 0; }
  /// Of a table with room for so many.
  std::uint64_t bytes_for(std::uint32_t n_positions) const noexcept {
    return capacity_for(n_positions) * angles_.n_pairs() * 2 * sizeof(float);
  }

 private:
  static std::uint64_t capacity_for(std::uint32_t n_positions) noexcept;

  sdk::RopeAngles angles_;
  std::uint32_t n_positions_ = 0;
  std::unique_ptr<Memory> memory_;
};

}  // namespace wick::vulkan

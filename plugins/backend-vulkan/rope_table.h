// Cosines and sines of rope@1 by position, computed in f64 on the host and kept on the device: no
// device's own sine is good enough for large angles. Not for the rotation.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "device.h"

namespace wick::vulkan {

/// Attributes of the node; see docs/ops.md.
struct RopeParameters {
  std::int64_t head_dim = 0, n_rotary = 0, layout = 0, original_context = 0;
  double base = 10000.0, scale = 1.0;
  double ext_factor = 0.0, attn_factor = 1.0, beta_fast = 32.0, beta_slow = 1.0;
};

class RopeTable {
 public:
  /// factors: of n_rotary / 2 values, or null.
  RopeTable(const RopeParameters& parameters, const std::vector<float>* factors);

  /// Whether both turn every pair alike.
  bool is_same(const RopeTable& other) const noexcept {
    return turns_ == other.turns_ && magnitude_ == other.magnitude_;
  }
  /// Room for so many positions; true where the table moved.
  bool reserve(Device& device, std::uint32_t n_positions);
  std::uint64_t address() const noexcept { return memory_ ? memory_->address() : 0; }
  /// Of a table with room for so many.
  std::uint64_t bytes_for(std::uint32_t n_positions) const noexcept {
    return capacity_for(n_positions) * turns_.size() * 2 * sizeof(float);
  }

 private:
  static std::uint64_t capacity_for(std::uint32_t n_positions) noexcept;

  std::vector<double> turns_;  ///< radians a position, by pair
  double magnitude_ = 1;
  std::uint32_t n_positions_ = 0;
  std::unique_ptr<Memory> memory_;
};

}  // namespace wick::vulkan

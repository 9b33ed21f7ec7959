// What a device can do at most: bytes read and multiply-adds per second, measured. Not for choosing
// kernels.
#pragma once

#include <string>

#include "pipelines.h"

namespace wick::vulkan {

/// Per second; WICK_UNKNOWN where the device has no instruction for it.
struct Limits {
  std::uint64_t read_bytes, int8_macs, f16_macs, f32_macs;
  std::string description;  ///< the instructions that were measured
};

/// Takes about half a second, and memory of at most a quarter of what `free_bytes` says (or
/// WICK_UNKNOWN). Throws what the driver reports.
Limits measure_device(Device& device, Pipelines& pipelines, std::uint64_t free_bytes);

}  // namespace wick::vulkan

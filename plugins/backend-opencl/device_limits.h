// What a device can do at most, measured: for `wick bench`. Not for planning.
#pragma once

#include <cstdint>
#include <string>

#include "kernels.h"

namespace wick::opencl {

/// A second, as wick_device_limits has them; WICK_UNKNOWN where the device lacks the means.
struct Limits {
  std::uint64_t read_bytes, int8_macs, f32_macs;
  std::string description;
};

/// Takes about half a second. Throws what the driver reports.
Limits measure_device(Device& device, Kernels& kernels);

}  // namespace wick::opencl

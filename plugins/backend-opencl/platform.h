// The OpenCL devices that this plugin can use, and what each offers. Not for contexts and queues.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cl.h"

namespace wick::opencl {

/// What a device offers, read once.
struct Capabilities {
  std::uint32_t max_workgroup = 0;   ///< work items
  std::uint32_t local_bytes = 0;     ///< of a workgroup
  std::uint32_t lanes = 1;           ///< work items that always run in step: by PTX
  bool subgroups = false;            ///< some do, of a size that a kernel learns when it runs
  const char* language = "CL1.2";    ///< OpenCL C that has what kernels use
  std::uint64_t max_allocation = 0;  ///< bytes of one buffer
  std::uint32_t alignment = 128;     ///< bytes, of a part of a buffer
  bool nvidia = false;               ///< PTX in kernels: sums over lanes, dot products
  bool half_arithmetic = false;      ///< cl_khr_fp16
  bool integer_dot = false;          ///< cl_khr_integer_dot_product, or PTX
  bool is_cpu = false;
  bool shares_memory = false;  ///< with the host
};

struct PhysicalDevice {
  cl_platform_id platform = nullptr;
  cl_device_id handle = nullptr;
  std::string id;           ///< "pci-0000:01:00.0" where the driver tells, else a UUID or a name
  std::string name;         ///< "NVIDIA H100 80GB HBM3"
  std::string description;  ///< platform, driver and capabilities, for people
  std::string driver_key;   ///< changes with the driver: for caches
  Capabilities can;
  std::uint64_t memory_total = 0;
};

/// Usable ones: GPUs before what runs on the CPU, else in the drivers' order. Throws kUnavailable
/// without a loader or a platform, or where no device of them can be used.
std::vector<PhysicalDevice> find_devices();
/// Bytes free now; WICK_UNKNOWN where the driver does not tell.
std::uint64_t free_memory(const PhysicalDevice& device);

}  // namespace wick::opencl

// The Vulkan instance and the physical devices that this plugin can use. Not for logical devices.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "matrices.h"
#include "vk.h"

namespace wick::vulkan {

/// What a physical device offers, read once.
struct Capabilities {
  std::uint32_t subgroup_size = 0;
  bool choose_subgroup = false;         ///< it varies: every pipeline asks for that size
  std::uint32_t max_workgroup = 0;      ///< threads
  std::uint32_t shared_bytes = 0;       ///< of a workgroup
  bool quads = false;                   ///< exchanges between four threads
  bool integer_dot = false;             ///< VK_KHR_shader_integer_dot_product, or 1.3
  bool half_arithmetic = false;         ///< shaderFloat16 with 16-bit storage
  Matrices matrices = Matrices::kNone;  ///< cooperative ones: the best, or as the user wants
  bool memory_budget = false;           ///< VK_EXT_memory_budget
  std::uint64_t import_alignment = 0;   ///< VK_EXT_external_memory_host; 0: it is not there
  bool is_cpu = false, is_integrated = false;
  float timestamp_ns = 0;
};

struct PhysicalDevice {
  VkPhysicalDevice handle = VK_NULL_HANDLE;
  std::string id;           ///< "pci-0000:01:00.0" where the driver tells, else its UUID
  std::string name;         ///< "NVIDIA H100 80GB HBM3"
  std::string description;  ///< driver and capabilities, for people
  std::string driver_key;   ///< changes with the driver: for caches
  std::uint32_t queue_family = 0;
  Capabilities can;
};

class Instance {
 public:
  /// With `wanted`, devices without these matrices cannot be used; without, each uses its best.
  /// Throws kUnavailable without a loader, a driver, or Vulkan 1.2.
  explicit Instance(std::optional<Matrices> wanted = std::nullopt);
  ~Instance();
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  const InstanceApi& api() const noexcept { return api_; }
  /// Usable ones: GPUs before what runs on the CPU, else in the driver's order.
  const std::vector<PhysicalDevice>& devices() const noexcept { return devices_; }
  /// Bytes of the heap that weights go to: total and free, WICK_UNKNOWN where the driver does not
  /// tell.
  void memory(const PhysicalDevice& device, std::uint64_t& total, std::uint64_t& free) const;

 private:
  void enumerate(std::optional<Matrices> wanted);

  InstanceApi api_;
  VkInstance instance_ = VK_NULL_HANDLE;
  std::vector<PhysicalDevice> devices_;
};

}  // namespace wick::vulkan

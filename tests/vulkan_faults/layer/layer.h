// A Vulkan layer between the loader and the driver: what the next one offers, and which of its
// functions are replaced. Not for what is done wrong (faults.h).
#pragma once

#include <vulkan/vulkan.h>

#include <vulkan/vk_layer.h>

#include <vector>

namespace wick::vulkan_faults {

#define WICK_NEXT_INSTANCE(X)           \
  X(DestroyInstance)                    \
  X(EnumerateDeviceExtensionProperties) \
  X(EnumeratePhysicalDevices)           \
  X(GetPhysicalDeviceMemoryProperties)  \
  X(GetPhysicalDeviceMemoryProperties2) \
  X(GetPhysicalDeviceProperties) X(GetPhysicalDeviceProperties2)

#define WICK_NEXT_DEVICE(X)      \
  X(AllocateMemory)              \
  X(CreateComputePipelines)      \
  X(DestroyDevice)               \
  X(FreeMemory)                  \
  X(GetBufferMemoryRequirements) \
  X(MapMemory) X(QueueSubmit) X(WaitForFences)

#define WICK_MEMBER(name) PFN_vk##name name = nullptr;
struct NextInstance {
  PFN_vkGetInstanceProcAddr get = nullptr;
  WICK_NEXT_INSTANCE(WICK_MEMBER)
};
struct NextDevice {
  PFN_vkGetDeviceProcAddr get = nullptr;
  WICK_NEXT_DEVICE(WICK_MEMBER)
};
#undef WICK_MEMBER

/// Of the instance that a VkInstance or VkPhysicalDevice belongs to, of the device that a VkDevice
/// or VkQueue belongs to.
NextInstance next_instance(void* handle);
NextDevice next_device(void* handle);

struct Replaced {
  const char* name;
  PFN_vkVoidFunction function;
};
/// Functions of physical devices (physical_devices.cpp) and of devices (devices.cpp).
const std::vector<Replaced>& replaced_of_physical_devices();
const std::vector<Replaced>& replaced_of_devices();

template <class Function>
PFN_vkVoidFunction as_function(Function* function) {
  return reinterpret_cast<PFN_vkVoidFunction>(function);
}

}  // namespace wick::vulkan_faults

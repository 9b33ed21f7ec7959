// Vulkan as this plugin uses it: the loader opened at run time, functions by name, results as
// exceptions. Not for what is done with them.
#pragma once

#include <vulkan/vulkan.h>
#include <wick/error.h>

#include <string>

#include "vk_khr_matrix.h"

namespace wick::vulkan {

#define WICK_VK_INSTANCE(X)             \
  X(CreateDevice)                       \
  X(DestroyInstance)                    \
  X(EnumerateDeviceExtensionProperties) \
  X(EnumeratePhysicalDevices)           \
  X(GetDeviceProcAddr)                  \
  X(GetPhysicalDeviceFeatures2)         \
  X(GetPhysicalDeviceMemoryProperties2) \
  X(GetPhysicalDeviceProperties)        \
  X(GetPhysicalDeviceProperties2) X(GetPhysicalDeviceQueueFamilyProperties)

#define WICK_VK_DEVICE(X)        \
  X(AllocateCommandBuffers)      \
  X(AllocateMemory)              \
  X(BeginCommandBuffer)          \
  X(BindBufferMemory)            \
  X(CmdBindPipeline)             \
  X(CmdCopyBuffer)               \
  X(CmdDispatch)                 \
  X(CmdFillBuffer)               \
  X(CmdPipelineBarrier)          \
  X(CmdPushConstants)            \
  X(CmdResetQueryPool)           \
  X(CmdWriteTimestamp)           \
  X(CreateBuffer)                \
  X(CreateCommandPool)           \
  X(CreateComputePipelines)      \
  X(CreateFence)                 \
  X(CreatePipelineCache)         \
  X(CreatePipelineLayout)        \
  X(CreateQueryPool)             \
  X(CreateShaderModule)          \
  X(DestroyBuffer)               \
  X(DestroyCommandPool)          \
  X(DestroyDevice)               \
  X(DestroyFence)                \
  X(DestroyPipeline)             \
  X(DestroyPipelineCache)        \
  X(DestroyPipelineLayout)       \
  X(DestroyQueryPool)            \
  X(DestroyShaderModule)         \
  X(DeviceWaitIdle)              \
  X(EndCommandBuffer)            \
  X(FreeMemory)                  \
  X(GetBufferDeviceAddress)      \
  X(GetBufferMemoryRequirements) \
  X(GetDeviceQueue)              \
  X(GetPipelineCacheData)        \
  X(GetQueryPoolResults)         \
  X(MapMemory) X(QueueSubmit) X(ResetCommandBuffer) X(ResetFences) X(WaitForFences)

/// The loader's functions; filled by load().
struct InstanceApi {
  PFN_vkGetInstanceProcAddr get_instance_proc_addr = nullptr;
  PFN_vkCreateInstance create_instance = nullptr;
  PFN_vkEnumerateInstanceVersion enumerate_instance_version = nullptr;
#define WICK_VK_MEMBER(name) PFN_vk##name name = nullptr;
  WICK_VK_INSTANCE(WICK_VK_MEMBER)
  // Of extensions: null where no driver has them.
  PFN_vkGetPhysicalDeviceCooperativeMatrixPropertiesNV matrix_products_nv = nullptr;
  khr::GetMatrixProducts matrix_products_khr = nullptr;

  /// Opens the loader, once for the process. Throws kUnavailable where it is not there.
  void load();
  void load_instance(VkInstance instance);
};

struct DeviceApi {
  WICK_VK_DEVICE(WICK_VK_MEMBER)
#undef WICK_VK_MEMBER
  void load(const InstanceApi& instance, VkDevice device);
};

/// "VK_ERROR_DEVICE_LOST"
std::string result_name(VkResult result);
/// Throws what a failed call means: kOutOfMemory, kDeviceLost or kUnavailable.
void check(VkResult result, const char* call, const std::string& device);

}  // namespace wick::vulkan

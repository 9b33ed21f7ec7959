// The loader is opened by its name, as every distribution installs it, and stays open: drivers
// leave threads and destructors behind that closing it would pull the ground from under.
#include "vk.h"

#include <dlfcn.h>

namespace wick::vulkan {
namespace {

PFN_vkGetInstanceProcAddr open_loader() {
  const char* const name = "libvulkan.so.1";
  void* library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    const char* why = dlerror();
    throw Error(ErrorCode::kUnavailable,
                std::string("the Vulkan loader cannot be opened: ") + (why ? why : name),
                "apt install libvulkan1");
  }
  void* symbol = dlsym(library, "vkGetInstanceProcAddr");
  if (!symbol)
    fail(ErrorCode::kUnavailable, name, ": it lacks vkGetInstanceProcAddr; reinstall libvulkan1");
  return reinterpret_cast<PFN_vkGetInstanceProcAddr>(symbol);
}

template <class Function>
void need(Function function, const char* name) {
  if (!function)
    fail(ErrorCode::kUnavailable, "the Vulkan driver lacks ", name, "; update the driver");
}

}  // namespace

void InstanceApi::load() {
  static const PFN_vkGetInstanceProcAddr opened = open_loader();
  get_instance_proc_addr = opened;
  create_instance =
      reinterpret_cast<PFN_vkCreateInstance>(get_instance_proc_addr(nullptr, "vkCreateInstance"));
  enumerate_instance_version = reinterpret_cast<PFN_vkEnumerateInstanceVersion>(
      get_instance_proc_addr(nullptr, "vkEnumerateInstanceVersion"));
  need(create_instance, "vkCreateInstance");
}

void InstanceApi::load_instance(VkInstance instance) {
#define WICK_VK_LOAD(name)                                                             \
  name = reinterpret_cast<PFN_vk##name>(get_instance_proc_addr(instance, "vk" #name)); \
  need(name, "vk" #name);
  WICK_VK_INSTANCE(WICK_VK_LOAD)
#undef WICK_VK_LOAD
  matrix_products_nv = reinterpret_cast<PFN_vkGetPhysicalDeviceCooperativeMatrixPropertiesNV>(
      get_instance_proc_addr(instance, "vkGetPhysicalDeviceCooperativeMatrixPropertiesNV"));
  matrix_products_khr = reinterpret_cast<khr::GetMatrixProducts>(
      get_instance_proc_addr(instance, "vkGetPhysicalDeviceCooperativeMatrixPropertiesKHR"));
}

void DeviceApi::load(const InstanceApi& instance, VkDevice device) {
#define WICK_VK_LOAD(name)                                                               \
  name = reinterpret_cast<PFN_vk##name>(instance.GetDeviceProcAddr(device, "vk" #name)); \
  need(name, "vk" #name);
  WICK_VK_DEVICE(WICK_VK_LOAD)
#undef WICK_VK_LOAD
}

std::string result_name(VkResult result) {
  switch (result) {
#define WICK_VK_NAME(name) \
  case name:               \
    return #name;
    WICK_VK_NAME(VK_ERROR_OUT_OF_HOST_MEMORY)
    WICK_VK_NAME(VK_ERROR_OUT_OF_DEVICE_MEMORY)
    WICK_VK_NAME(VK_ERROR_INITIALIZATION_FAILED)
    WICK_VK_NAME(VK_ERROR_DEVICE_LOST)
    WICK_VK_NAME(VK_ERROR_MEMORY_MAP_FAILED)
    WICK_VK_NAME(VK_ERROR_LAYER_NOT_PRESENT)
    WICK_VK_NAME(VK_ERROR_EXTENSION_NOT_PRESENT)
    WICK_VK_NAME(VK_ERROR_FEATURE_NOT_PRESENT)
    WICK_VK_NAME(VK_ERROR_INCOMPATIBLE_DRIVER)
    WICK_VK_NAME(VK_ERROR_TOO_MANY_OBJECTS)
    WICK_VK_NAME(VK_ERROR_INVALID_SHADER_NV)
    WICK_VK_NAME(VK_ERROR_UNKNOWN)
    WICK_VK_NAME(VK_TIMEOUT)
#undef WICK_VK_NAME
    default:
      return "VkResult " + std::to_string(static_cast<int>(result));
  }
}

void check(VkResult result, const char* call, const std::string& device) {
  if (result == VK_SUCCESS) return;
  const std::string name = result_name(result);
  if (result == VK_ERROR_DEVICE_LOST)
    fail(ErrorCode::kDeviceLost, device, ": ", call, ": ", name,
         ", the driver gave up the device; look into the kernel's log, and start again");
  if (result == VK_ERROR_OUT_OF_DEVICE_MEMORY || result == VK_ERROR_OUT_OF_HOST_MEMORY)
    fail(ErrorCode::kOutOfMemory, device, ": ", call, ": ", name);
  fail(ErrorCode::kUnavailable, device, ": ", call, ": ", name, "; update the driver");
}

}  // namespace wick::vulkan

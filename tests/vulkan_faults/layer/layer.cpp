// The layer's interface with the loader, version 2. The first word of a handle is the same for all
// that belong to one instance or device: it finds the functions of what comes behind us.
#include "layer.h"

#include <cstring>
#include <map>
#include <mutex>
#include <string_view>

#include "faults.h"

namespace wick::vulkan_faults {
namespace {

std::mutex mutex;
std::map<void*, NextInstance> instances;
std::map<void*, NextDevice> devices;

void* key_of(void* handle) {
  return *static_cast<void**>(handle);
}

/// The link to the next layer or the driver, which is taken off the chain.
template <class CreateInfo>
auto take_link(const void* chain, VkStructureType type) {
  auto* info = static_cast<CreateInfo*>(const_cast<void*>(chain));
  while (info && !(info->sType == type && info->function == VK_LAYER_LINK_INFO))
    info = static_cast<CreateInfo*>(const_cast<void*>(info->pNext));
  auto* link = info ? info->u.pLayerInfo : nullptr;
  if (link) info->u.pLayerInfo = link->pNext;
  return link;
}

VkResult VKAPI_CALL create_instance(const VkInstanceCreateInfo* info,
                                    const VkAllocationCallbacks* allocator, VkInstance* instance) {
  const auto* link = take_link<VkLayerInstanceCreateInfo>(
      info->pNext, VK_STRUCTURE_TYPE_LOADER_INSTANCE_CREATE_INFO);
  if (!link) return VK_ERROR_INITIALIZATION_FAILED;
  NextInstance next;
  next.get = link->pfnNextGetInstanceProcAddr;
  const auto create =
      reinterpret_cast<PFN_vkCreateInstance>(next.get(VK_NULL_HANDLE, "vkCreateInstance"));
  const VkResult made = create(info, allocator, instance);
  if (made != VK_SUCCESS) return made;
#define WICK_LOAD(name) next.name = reinterpret_cast<PFN_vk##name>(next.get(*instance, "vk" #name));
  WICK_NEXT_INSTANCE(WICK_LOAD)
#undef WICK_LOAD
  const std::lock_guard<std::mutex> lock(mutex);
  instances[key_of(*instance)] = next;
  return VK_SUCCESS;
}

void VKAPI_CALL destroy_instance(VkInstance instance, const VkAllocationCallbacks* allocator) {
  if (!instance) return;
  const NextInstance next = next_instance(instance);
  void* key = key_of(instance);
  next.DestroyInstance(instance, allocator);
  const std::lock_guard<std::mutex> lock(mutex);
  instances.erase(key);
}

/// The extension that the layer makes up is none of the driver's.
std::vector<const char*> drivers_extensions(const VkDeviceCreateInfo& info) {
  std::vector<const char*> names;
  for (std::uint32_t i = 0; i < info.enabledExtensionCount; ++i)
    if (faults().budget == 0 ||
        std::strcmp(info.ppEnabledExtensionNames[i], VK_EXT_MEMORY_BUDGET_EXTENSION_NAME) != 0)
      names.push_back(info.ppEnabledExtensionNames[i]);
  return names;
}

VkResult VKAPI_CALL create_device(VkPhysicalDevice physical, const VkDeviceCreateInfo* info,
                                  const VkAllocationCallbacks* allocator, VkDevice* device) {
  const auto* link =
      take_link<VkLayerDeviceCreateInfo>(info->pNext, VK_STRUCTURE_TYPE_LOADER_DEVICE_CREATE_INFO);
  if (!link) return VK_ERROR_INITIALIZATION_FAILED;
  NextDevice next;
  next.get = link->pfnNextGetDeviceProcAddr;
  const auto create = reinterpret_cast<PFN_vkCreateDevice>(
      link->pfnNextGetInstanceProcAddr(VK_NULL_HANDLE, "vkCreateDevice"));
  const auto extensions = drivers_extensions(*info);
  VkDeviceCreateInfo changed = *info;
  changed.enabledExtensionCount = static_cast<std::uint32_t>(extensions.size());
  changed.ppEnabledExtensionNames = extensions.data();
  const VkResult made = create(physical, &changed, allocator, device);
  if (made != VK_SUCCESS) return made;
#define WICK_LOAD(name) next.name = reinterpret_cast<PFN_vk##name>(next.get(*device, "vk" #name));
  WICK_NEXT_DEVICE(WICK_LOAD)
#undef WICK_LOAD
  const std::lock_guard<std::mutex> lock(mutex);
  devices[key_of(*device)] = next;
  return VK_SUCCESS;
}

void VKAPI_CALL destroy_device(VkDevice device, const VkAllocationCallbacks* allocator) {
  if (!device) return;
  const NextDevice next = next_device(device);
  void* key = key_of(device);
  next.DestroyDevice(device, allocator);
  const std::lock_guard<std::mutex> lock(mutex);
  devices.erase(key);
}

PFN_vkVoidFunction find(const std::vector<Replaced>& replaced, std::string_view name) {
  for (const Replaced& one : replaced)
    if (name == one.name) return one.function;
  return nullptr;
}

PFN_vkVoidFunction VKAPI_CALL get_device_proc_addr(VkDevice device, const char* name) {
  static const std::vector<Replaced> own = {
      {"vkGetDeviceProcAddr", as_function(&get_device_proc_addr)},
      {"vkDestroyDevice", as_function(&destroy_device)}};
  if (auto* function = find(own, name)) return function;
  if (auto* function = find(replaced_of_devices(), name)) return function;
  return device ? next_device(device).get(device, name) : nullptr;
}

PFN_vkVoidFunction VKAPI_CALL get_instance_proc_addr(VkInstance instance, const char* name) {
  static const std::vector<Replaced> own = {
      {"vkGetInstanceProcAddr", as_function(&get_instance_proc_addr)},
      {"vkCreateInstance", as_function(&create_instance)},
      {"vkDestroyInstance", as_function(&destroy_instance)},
      {"vkCreateDevice", as_function(&create_device)}};
  if (auto* function = find(own, name)) return function;
  if (auto* function = find(replaced_of_physical_devices(), name)) return function;
  if (auto* function = get_device_proc_addr(VK_NULL_HANDLE, name)) return function;
  return instance ? next_instance(instance).get(instance, name) : nullptr;
}

}  // namespace

NextInstance next_instance(void* handle) {
  const std::lock_guard<std::mutex> lock(mutex);
  return instances.at(key_of(handle));
}
NextDevice next_device(void* handle) {
  const std::lock_guard<std::mutex> lock(mutex);
  return devices.at(key_of(handle));
}

}  // namespace wick::vulkan_faults

extern "C" {

/// What the loader calls.
VK_LAYER_EXPORT VkResult VKAPI_CALL
vkNegotiateLoaderLayerInterfaceVersion(VkNegotiateLayerInterface* versions) {
  versions->loaderLayerInterfaceVersion = CURRENT_LOADER_LAYER_INTERFACE_VERSION;
  versions->pfnGetInstanceProcAddr = &wick::vulkan_faults::get_instance_proc_addr;
  versions->pfnGetDeviceProcAddr = &wick::vulkan_faults::get_device_proc_addr;
  versions->pfnGetPhysicalDeviceProcAddr = nullptr;
  return VK_SUCCESS;
}
}

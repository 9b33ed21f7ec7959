// What devices say of themselves: none, an older version, a card of its own, a budget.
#include <algorithm>
#include <cstring>

#include "faults.h"
#include "layer.h"

namespace wick::vulkan_faults {
namespace {

VkResult VKAPI_CALL enumerate(VkInstance instance, std::uint32_t* n, VkPhysicalDevice* devices) {
  if (faults().finds_none) return VK_ERROR_INITIALIZATION_FAILED;
  if (!faults().hides)
    return next_instance(instance).EnumeratePhysicalDevices(instance, n, devices);
  *n = 0;
  return VK_SUCCESS;
}

void change(VkPhysicalDeviceProperties& properties) {
  if (faults().is_old)
    properties.apiVersion = std::min(properties.apiVersion, VK_MAKE_API_VERSION(0, 1, 1, 200));
  if (faults().is_discrete) properties.deviceType = VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU;
}

void VKAPI_CALL properties(VkPhysicalDevice device, VkPhysicalDeviceProperties* made) {
  next_instance(device).GetPhysicalDeviceProperties(device, made);
  change(*made);
}
void VKAPI_CALL properties2(VkPhysicalDevice device, VkPhysicalDeviceProperties2* made) {
  next_instance(device).GetPhysicalDeviceProperties2(device, made);
  change(made->properties);
}

/// All of the driver's becomes one kind of memory of the device; the second is the host's. Which of
/// the driver's a memory is in truth: its first (devices.cpp).
void change(VkPhysicalDeviceMemoryProperties& memory) {
  if (!faults().is_discrete) return;
  const VkDeviceSize size = memory.memoryHeaps[0].size;
  memory.memoryHeapCount = memory.memoryTypeCount = 2;
  memory.memoryHeaps[0] = {size, VK_MEMORY_HEAP_DEVICE_LOCAL_BIT};
  memory.memoryHeaps[1] = {size, 0};
  memory.memoryTypes[0] = {VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT, 0};
  memory.memoryTypes[1] = {VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT |
                               VK_MEMORY_PROPERTY_HOST_COHERENT_BIT |
                               VK_MEMORY_PROPERTY_HOST_CACHED_BIT,
                           1};
}

void VKAPI_CALL memory(VkPhysicalDevice device, VkPhysicalDeviceMemoryProperties* made) {
  next_instance(device).GetPhysicalDeviceMemoryProperties(device, made);
  change(*made);
}
void VKAPI_CALL memory2(VkPhysicalDevice device, VkPhysicalDeviceMemoryProperties2* made) {
  next_instance(device).GetPhysicalDeviceMemoryProperties2(device, made);
  change(made->memoryProperties);
  for (auto* next = static_cast<VkBaseOutStructure*>(made->pNext); next; next = next->pNext) {
    if (next->sType != VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MEMORY_BUDGET_PROPERTIES_EXT) continue;
    auto* budget = reinterpret_cast<VkPhysicalDeviceMemoryBudgetPropertiesEXT*>(next);
    if (faults().budget == 0) continue;
    std::fill_n(budget->heapBudget, VK_MAX_MEMORY_HEAPS, faults().budget.load());
    std::fill_n(budget->heapUsage, VK_MAX_MEMORY_HEAPS, faults().bytes.load());
  }
}

/// The driver's, and the budget where one is made up.
VkResult VKAPI_CALL extensions(VkPhysicalDevice device, const char* layer, std::uint32_t* n,
                               VkExtensionProperties* made) {
  const NextInstance next = next_instance(device);
  if (layer || faults().budget == 0)
    return next.EnumerateDeviceExtensionProperties(device, layer, n, made);
  std::uint32_t n_all = 0;
  VkResult result = next.EnumerateDeviceExtensionProperties(device, nullptr, &n_all, nullptr);
  std::vector<VkExtensionProperties> all(n_all);
  if (result == VK_SUCCESS)
    result = next.EnumerateDeviceExtensionProperties(device, nullptr, &n_all, all.data());
  if (result != VK_SUCCESS) return result;
  VkExtensionProperties budget{};
  std::strcpy(budget.extensionName, VK_EXT_MEMORY_BUDGET_EXTENSION_NAME);
  budget.specVersion = VK_EXT_MEMORY_BUDGET_SPEC_VERSION;
  all.push_back(budget);
  const auto n_given = made ? std::min(*n, static_cast<std::uint32_t>(all.size())) : 0;
  if (made) std::copy_n(all.begin(), n_given, made);
  *n = made ? n_given : static_cast<std::uint32_t>(all.size());
  return made && n_given < all.size() ? VK_INCOMPLETE : VK_SUCCESS;
}

}  // namespace

const std::vector<Replaced>& replaced_of_physical_devices() {
  static const std::vector<Replaced> all = {
      {"vkEnumeratePhysicalDevices", as_function(&enumerate)},
      {"vkEnumerateDeviceExtensionProperties", as_function(&extensions)},
      {"vkGetPhysicalDeviceProperties", as_function(&properties)},
      {"vkGetPhysicalDeviceProperties2", as_function(&properties2)},
      {"vkGetPhysicalDeviceMemoryProperties", as_function(&memory)},
      {"vkGetPhysicalDeviceMemoryProperties2", as_function(&memory2)}};
  return all;
}

}  // namespace wick::vulkan_faults

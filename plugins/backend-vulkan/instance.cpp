// See instance.h. A device is usable when it has Vulkan 1.2, buffer addresses and a compute queue.
#include "instance.h"

#include <wick/abi/base.h>

#include <algorithm>
#include <cstdio>
#include <cstring>

namespace wick::vulkan {
namespace {

std::string version_text(std::uint32_t version) {
  return std::to_string(VK_API_VERSION_MAJOR(version)) + "." +
         std::to_string(VK_API_VERSION_MINOR(version)) + "." +
         std::to_string(VK_API_VERSION_PATCH(version));
}

std::vector<VkExtensionProperties> extensions_of(const InstanceApi& api, VkPhysicalDevice device) {
  std::uint32_t n = 0;
  check(api.EnumerateDeviceExtensionProperties(device, nullptr, &n, nullptr),
        "vkEnumerateDeviceExtensionProperties", "vulkan");
  std::vector<VkExtensionProperties> all(n);
  if (n > 0) api.EnumerateDeviceExtensionProperties(device, nullptr, &n, all.data());
  all.resize(n);
  return all;
}

bool has(const std::vector<VkExtensionProperties>& all, const char* name) {
  return std::any_of(all.begin(), all.end(), [&](const VkExtensionProperties& e) {
    return std::strcmp(e.extensionName, name) == 0;
  });
}

std::string hex(const std::uint8_t* bytes, std::size_t n) {
  std::string text;
  char digits[3];
  for (std::size_t i = 0; i < n; ++i) {
    std::snprintf(digits, sizeof digits, "%02x", bytes[i]);
    text += digits;
  }
  return text;
}

/// Everything that is asked of a driver in one chain.
struct Properties {
  VkPhysicalDeviceProperties2 base{};
  VkPhysicalDeviceSubgroupProperties subgroup{};
  VkPhysicalDeviceIDProperties id{};
  VkPhysicalDeviceDriverProperties driver{};
  VkPhysicalDevicePCIBusInfoPropertiesEXT pci{};
  VkPhysicalDeviceSubgroupSizeControlProperties sizes{};
  VkPhysicalDeviceExternalMemoryHostPropertiesEXT import{};

  struct Has {
    bool pci, sizes, import;
  };
  Properties(const InstanceApi& api, VkPhysicalDevice device, Has has) {
    base.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2;
    subgroup.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SUBGROUP_PROPERTIES;
    id.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_ID_PROPERTIES;
    driver.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_DRIVER_PROPERTIES;
    pci.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PCI_BUS_INFO_PROPERTIES_EXT;
    sizes.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SUBGROUP_SIZE_CONTROL_PROPERTIES;
    import.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_EXTERNAL_MEMORY_HOST_PROPERTIES_EXT;
    base.pNext = &subgroup;
    subgroup.pNext = &id;
    id.pNext = &driver;
    void** end = &driver.pNext;
    if (has.pci) *end = &pci, end = &pci.pNext;
    if (has.sizes) *end = &sizes, end = &sizes.pNext;
    if (has.import) *end = &import;
    api.GetPhysicalDeviceProperties2(device, &base);
  }
};

struct Features {
  VkPhysicalDeviceFeatures2 base{};
  VkPhysicalDeviceVulkan11Features v11{};
  VkPhysicalDeviceVulkan12Features v12{};
  VkPhysicalDeviceShaderIntegerDotProductFeatures dot{};
  VkPhysicalDeviceSubgroupSizeControlFeatures sizes{};

  Features(const InstanceApi& api, VkPhysicalDevice device, bool has_dot, bool has_sizes) {
    base.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2;
    v11.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_1_FEATURES;
    v12.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_FEATURES;
    dot.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SHADER_INTEGER_DOT_PRODUCT_FEATURES;
    base.pNext = &v11;
    v11.pNext = &v12;
    sizes.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SUBGROUP_SIZE_CONTROL_FEATURES;
    void** end = &v12.pNext;
    if (has_dot) *end = &dot, end = &dot.pNext;
    if (has_sizes) *end = &sizes;
    api.GetPhysicalDeviceFeatures2(device, &base);
  }
};

std::string id_of(const Properties& p, bool has_pci) {
  if (!has_pci || p.base.properties.deviceType == VK_PHYSICAL_DEVICE_TYPE_CPU)
    return "uuid-" + hex(p.id.deviceUUID, VK_UUID_SIZE);
  char text[40];
  std::snprintf(text, sizeof text, "pci-%04x:%02x:%02x.%x", p.pci.pciDomain, p.pci.pciBus,
                p.pci.pciDevice, p.pci.pciFunction);
  return text;
}

Capabilities capabilities_of(const Properties& p, const Features& f,
                             const std::vector<VkExtensionProperties>& extensions) {
  Capabilities c;
  const VkPhysicalDeviceLimits& limits = p.base.properties.limits;
  c.subgroup_size = p.subgroup.subgroupSize;
  c.choose_subgroup = p.sizes.minSubgroupSize != p.sizes.maxSubgroupSize;
  c.quads = (p.subgroup.supportedOperations & VK_SUBGROUP_FEATURE_QUAD_BIT) != 0;
  c.max_workgroup =
      std::min(limits.maxComputeWorkGroupInvocations, limits.maxComputeWorkGroupSize[0]);
  c.shared_bytes = limits.maxComputeSharedMemorySize;
  c.integer_dot = f.dot.shaderIntegerDotProduct == VK_TRUE;
  c.half_arithmetic = f.v12.shaderFloat16 == VK_TRUE && f.v11.storageBuffer16BitAccess == VK_TRUE;
  c.memory_budget = has(extensions, VK_EXT_MEMORY_BUDGET_EXTENSION_NAME);
  c.import_alignment = p.import.minImportedHostPointerAlignment;
  c.is_cpu = p.base.properties.deviceType == VK_PHYSICAL_DEVICE_TYPE_CPU;
  c.is_integrated = p.base.properties.deviceType == VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU;
  c.timestamp_ns = limits.timestampComputeAndGraphics ? limits.timestampPeriod : 0;
  return c;
}

/// What matrices need besides their extension.
bool can_have_matrices(const Properties& p, const Features& f, const Capabilities& c) {
  return has_matrix_subgroups(c.subgroup_size, p.sizes) && c.half_arithmetic &&
         f.v12.vulkanMemoryModel == VK_TRUE && f.v12.vulkanMemoryModelDeviceScope == VK_TRUE &&
         c.max_workgroup >= kMatrixWorkgroup && c.shared_bytes >= kMatrixSharedBytes;
}

std::string describe(const Properties& p, const Capabilities& c) {
  std::string text = "Vulkan " + version_text(p.base.properties.apiVersion) + ", " +
                     p.driver.driverName + " " + p.driver.driverInfo;
  if (c.integer_dot) text += ", integer dot product";
  if (c.half_arithmetic) text += ", f16";
  if (c.matrices != Matrices::kNone)
    text += std::string(", cooperative matrices (") + name_of(c.matrices) + ")";
  return text;
}

/// What this plugin cannot do without; empty: nothing.
std::string what_lacks(const Properties& p, const Features& f) {
  const VkSubgroupFeatureFlags need =
      VK_SUBGROUP_FEATURE_BASIC_BIT | VK_SUBGROUP_FEATURE_ARITHMETIC_BIT;
  if (f.v12.bufferDeviceAddress != VK_TRUE) return "buffer addresses (bufferDeviceAddress)";
  if ((p.subgroup.supportedOperations & need) != need ||
      !(p.subgroup.supportedStages & VK_SHADER_STAGE_COMPUTE_BIT))
    return "sums over subgroups (VK_SUBGROUP_FEATURE_ARITHMETIC_BIT)";
  if (p.sizes.minSubgroupSize != p.sizes.maxSubgroupSize && f.sizes.subgroupSizeControl != VK_TRUE)
    return "subgroups of one size (subgroupSizeControl)";
  return "";
}

/// False where the device cannot be used; `why` says so.
bool read_device(const InstanceApi& api, VkPhysicalDevice handle, std::optional<Matrices> wanted,
                 PhysicalDevice& device, std::string& why) {
  VkPhysicalDeviceProperties first{};
  api.GetPhysicalDeviceProperties(handle, &first);
  device.handle = handle;
  device.name = first.deviceName;
  if (first.apiVersion < VK_API_VERSION_1_2) {
    why = device.name + " has Vulkan " + version_text(first.apiVersion) + ", need 1.2";
    return false;
  }
  const auto extensions = extensions_of(api, handle);
  const bool is_13 = first.apiVersion >= VK_API_VERSION_1_3;
  const bool has_pci = has(extensions, VK_EXT_PCI_BUS_INFO_EXTENSION_NAME);
  const bool has_sizes = is_13 || has(extensions, VK_EXT_SUBGROUP_SIZE_CONTROL_EXTENSION_NAME);
  const bool has_import = has(extensions, VK_EXT_EXTERNAL_MEMORY_HOST_EXTENSION_NAME);
  const Properties p(api, handle, {has_pci, has_sizes, has_import});
  const Features f(api, handle,
                   is_13 || has(extensions, VK_KHR_SHADER_INTEGER_DOT_PRODUCT_EXTENSION_NAME),
                   has_sizes);
  const std::string lacks = what_lacks(p, f);
  if (!lacks.empty()) {
    why = device.name + " has no " + lacks;
    return false;
  }
  std::uint32_t n = 0;
  api.GetPhysicalDeviceQueueFamilyProperties(handle, &n, nullptr);
  std::vector<VkQueueFamilyProperties> families(n);
  api.GetPhysicalDeviceQueueFamilyProperties(handle, &n, families.data());
  const auto computes = std::find_if(families.begin(), families.end(), [](const auto& family) {
    return (family.queueFlags & VK_QUEUE_COMPUTE_BIT) != 0;
  });
  if (computes == families.end()) {
    why = device.name + " has no compute queue";
    return false;
  }
  device.queue_family = static_cast<std::uint32_t>(computes - families.begin());
  device.can = capabilities_of(p, f, extensions);
  std::vector<Matrices> usable{Matrices::kNone};
  if (can_have_matrices(p, f, device.can)) usable = offered_matrices(api, handle, extensions);
  if (wanted && std::find(usable.begin(), usable.end(), *wanted) == usable.end()) {
    why = device.name + " has no cooperative matrices by " + name_of(*wanted) +
          ", which the option matrices asks for";
    return false;
  }
  device.can.matrices = wanted.value_or(usable.front());
  device.id = id_of(p, has_pci);
  device.description = describe(p, device.can);
  device.driver_key = hex(first.pipelineCacheUUID, VK_UUID_SIZE) + "-" +
                      std::to_string(first.vendorID) + "-" + std::to_string(first.deviceID) + "-" +
                      std::to_string(first.driverVersion);
  return true;
}

}  // namespace

Instance::Instance(std::optional<Matrices> wanted) {
  api_.load();
  std::uint32_t version = VK_API_VERSION_1_0;
  if (api_.enumerate_instance_version) api_.enumerate_instance_version(&version);
  if (version < VK_API_VERSION_1_2)
    fail(ErrorCode::kUnavailable, "the Vulkan loader has version ", version_text(version),
         ", need 1.2; update libvulkan1");
  VkApplicationInfo application{};
  application.sType = VK_STRUCTURE_TYPE_APPLICATION_INFO;
  application.pEngineName = "wick";
  application.apiVersion = VK_API_VERSION_1_3;
  VkInstanceCreateInfo info{};
  info.sType = VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO;
  info.pApplicationInfo = &application;
  const VkResult made = api_.create_instance(&info, nullptr, &instance_);
  if (made != VK_SUCCESS)
    throw Error(ErrorCode::kUnavailable, "vkCreateInstance: " + result_name(made),
                "install a Vulkan driver, for example mesa-vulkan-drivers");
  api_.load_instance(instance_);
  enumerate(wanted);
}

Instance::~Instance() {
  if (instance_) api_.DestroyInstance(instance_, nullptr);
}

void Instance::enumerate(std::optional<Matrices> wanted) {
  std::uint32_t n = 0;
  const VkResult found = api_.EnumeratePhysicalDevices(instance_, &n, nullptr);
  if (found == VK_ERROR_INITIALIZATION_FAILED) return;  // the loader, where drivers have no device
  check(found, "vkEnumeratePhysicalDevices", "vulkan");
  std::vector<VkPhysicalDevice> handles(n);
  api_.EnumeratePhysicalDevices(instance_, &n, handles.data());
  handles.resize(n);
  std::string unusable;
  for (const VkPhysicalDevice handle : handles) {
    PhysicalDevice device;
    std::string why;
    if (read_device(api_, handle, wanted, device, why)) {
      devices_.push_back(std::move(device));
    } else {
      unusable += (unusable.empty() ? "" : "; ") + why;
    }
  }
  if (devices_.empty() && !unusable.empty())
    fail(ErrorCode::kUnavailable, "no device can be used: ", unusable, "; update the driver");
  std::stable_sort(devices_.begin(), devices_.end(),
                   [](const auto& a, const auto& b) { return a.can.is_cpu < b.can.is_cpu; });
}

void Instance::memory(const PhysicalDevice& device, std::uint64_t& total,
                      std::uint64_t& free) const {
  VkPhysicalDeviceMemoryProperties2 memory{};
  VkPhysicalDeviceMemoryBudgetPropertiesEXT budget{};
  memory.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MEMORY_PROPERTIES_2;
  budget.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MEMORY_BUDGET_PROPERTIES_EXT;
  if (device.can.memory_budget) memory.pNext = &budget;
  api_.GetPhysicalDeviceMemoryProperties2(device.handle, &memory);
  total = free = WICK_UNKNOWN;
  std::uint64_t most = 0;
  for (std::uint32_t i = 0; i < memory.memoryProperties.memoryHeapCount; ++i) {
    const VkMemoryHeap& heap = memory.memoryProperties.memoryHeaps[i];
    if (!(heap.flags & VK_MEMORY_HEAP_DEVICE_LOCAL_BIT) || heap.size <= most) continue;
    most = total = heap.size;
    if (device.can.memory_budget)
      free = budget.heapBudget[i] > budget.heapUsage[i] ? budget.heapBudget[i] - budget.heapUsage[i]
                                                        : 0;
  }
}

}  // namespace wick::vulkan

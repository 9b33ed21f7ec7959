// See device.h.
#include "device.h"

#include <vector>

namespace wick::vulkan {
namespace {

/// Features that are switched on, where the device has them.
struct Wanted {
  VkPhysicalDeviceFeatures2 base{};
  VkPhysicalDeviceVulkan11Features v11{};
  VkPhysicalDeviceVulkan12Features v12{};
  VkPhysicalDeviceShaderIntegerDotProductFeatures dot{};
  VkPhysicalDeviceCooperativeMatrixFeaturesNV matrices_nv{};
  khr::MatrixFeatures matrices_khr;
  VkPhysicalDeviceSubgroupSizeControlFeatures sizes{};
  std::vector<const char*> extensions;

  explicit Wanted(const Capabilities& can) {
    base.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2;
    v11.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_1_FEATURES;
    v12.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_FEATURES;
    dot.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SHADER_INTEGER_DOT_PRODUCT_FEATURES;
    matrices_nv.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_COOPERATIVE_MATRIX_FEATURES_NV;
    base.pNext = &v11;
    v11.pNext = &v12;
    void** end = &v12.pNext;
    v12.bufferDeviceAddress = VK_TRUE;
    v11.storageBuffer16BitAccess = v12.shaderFloat16 = can.half_arithmetic;
    if (can.integer_dot) {
      dot.shaderIntegerDotProduct = VK_TRUE;
      *end = &dot, end = &dot.pNext;
      extensions.push_back(VK_KHR_SHADER_INTEGER_DOT_PRODUCT_EXTENSION_NAME);
    }
    // Where the memory model is on, it also rules the shaders that count across workgroups.
    v12.vulkanMemoryModel = v12.vulkanMemoryModelDeviceScope = can.matrices != Matrices::kNone;
    if (can.matrices == Matrices::kNv) {
      matrices_nv.cooperativeMatrix = VK_TRUE;
      *end = &matrices_nv, end = &matrices_nv.pNext;
      extensions.push_back(VK_NV_COOPERATIVE_MATRIX_EXTENSION_NAME);
    } else if (can.matrices == Matrices::kKhr) {
      matrices_khr.matrices = VK_TRUE;
      *end = &matrices_khr, end = &matrices_khr.next;
      extensions.push_back(khr::kMatrixExtension);
    }
    sizes.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SUBGROUP_SIZE_CONTROL_FEATURES;
    if (can.choose_subgroup) {
      sizes.subgroupSizeControl = VK_TRUE;
      *end = &sizes;
      extensions.push_back(VK_EXT_SUBGROUP_SIZE_CONTROL_EXTENSION_NAME);
    }
    if (can.import_alignment > 0) extensions.push_back(VK_EXT_EXTERNAL_MEMORY_HOST_EXTENSION_NAME);
    if (can.memory_budget) extensions.push_back(VK_EXT_MEMORY_BUDGET_EXTENSION_NAME);
  }
};

void barrier(const DeviceApi& api, VkCommandBuffer commands, VkPipelineStageFlags stages,
             VkAccessFlags from, VkAccessFlags to) {
  VkMemoryBarrier memory{};
  memory.sType = VK_STRUCTURE_TYPE_MEMORY_BARRIER;
  memory.srcAccessMask = from;
  memory.dstAccessMask = to;
  api.CmdPipelineBarrier(commands, stages, stages, 0, 1, &memory, 0, nullptr, 0, nullptr);
}

}  // namespace

void full_barrier(const DeviceApi& api, VkCommandBuffer commands) {
  const VkAccessFlags all = VK_ACCESS_MEMORY_READ_BIT | VK_ACCESS_MEMORY_WRITE_BIT;
  barrier(api, commands, VK_PIPELINE_STAGE_ALL_COMMANDS_BIT | VK_PIPELINE_STAGE_HOST_BIT, all, all);
}

void compute_barrier(const DeviceApi& api, VkCommandBuffer commands) {
  barrier(api, commands, VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT, VK_ACCESS_SHADER_WRITE_BIT,
          VK_ACCESS_SHADER_READ_BIT | VK_ACCESS_SHADER_WRITE_BIT);
}

Device::Device(const Instance& instance, const PhysicalDevice& physical)
    : instance_(instance), about_(physical) {
  const float priority = 1.0f;
  VkDeviceQueueCreateInfo queue{};
  queue.sType = VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO;
  queue.queueFamilyIndex = about_.queue_family;
  queue.queueCount = 1;
  queue.pQueuePriorities = &priority;
  const Wanted wanted(about_.can);
  VkDeviceCreateInfo info{};
  info.sType = VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO;
  info.pNext = &wanted.base;
  info.queueCreateInfoCount = 1;
  info.pQueueCreateInfos = &queue;
  info.enabledExtensionCount = static_cast<std::uint32_t>(wanted.extensions.size());
  info.ppEnabledExtensionNames = wanted.extensions.data();
  check(instance_.api().CreateDevice(about_.handle, &info, nullptr, &device_), "vkCreateDevice");
  api_.load(instance_.api(), device_);
  if (about_.can.import_alignment > 0)
    host_pointer_properties_ = reinterpret_cast<PFN_vkGetMemoryHostPointerPropertiesEXT>(
        instance_.api().GetDeviceProcAddr(device_, "vkGetMemoryHostPointerPropertiesEXT"));
  api_.GetDeviceQueue(device_, about_.queue_family, 0, &queue_);
  VkPhysicalDeviceMemoryProperties2 memory{};
  memory.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MEMORY_PROPERTIES_2;
  instance_.api().GetPhysicalDeviceMemoryProperties2(about_.handle, &memory);
  memory_ = memory.memoryProperties;
}

Device::~Device() {
  if (!device_) return;
  api_.DeviceWaitIdle(device_);
  api_.DestroyDevice(device_, nullptr);
}

int Device::memory_type(Place place, std::uint32_t mask, VkMemoryPropertyFlags& flags) const {
  constexpr VkMemoryPropertyFlags kLocal = VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT;
  constexpr VkMemoryPropertyFlags kSeen =
      VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT | VK_MEMORY_PROPERTY_HOST_COHERENT_BIT;
  constexpr VkMemoryPropertyFlags kCached = kSeen | VK_MEMORY_PROPERTY_HOST_CACHED_BIT;
  // What a device shares with the host needs no copies; through a narrow window into a card's
  // memory (resizable BAR) they would be slower than the card's own.
  const bool shares = about_.can.is_cpu || about_.can.is_integrated;
  std::vector<VkMemoryPropertyFlags> order;
  if (place == Place::kDevice) order = {shares ? kLocal | kSeen : kLocal, kLocal, kSeen, 0};
  if (place == Place::kShared) order = {kLocal | kSeen, kSeen};
  if (place == Place::kUpload) order = {kSeen};
  if (place == Place::kRead) order = {kCached, kSeen};
  for (const VkMemoryPropertyFlags need : order)
    for (std::uint32_t i = 0; i < memory_.memoryTypeCount; ++i) {
      flags = memory_.memoryTypes[i].propertyFlags;
      if ((mask >> i & 1u) && (flags & need) == need) return static_cast<int>(i);
    }
  return -1;
}

void Device::submit(VkCommandBuffer commands, VkFence fence) {
  VkSubmitInfo info{};
  info.sType = VK_STRUCTURE_TYPE_SUBMIT_INFO;
  info.commandBufferCount = 1;
  info.pCommandBuffers = &commands;
  const std::lock_guard<std::mutex> lock(queue_mutex_);
  check(api_.QueueSubmit(queue_, 1, &info, fence), "vkQueueSubmit");
}

void Device::run_once(const std::function<void(VkCommandBuffer)>& record) {
  Commands commands(*this);
  record(commands.begin());
  commands.end();
  commands.submit();
  commands.wait();
}

Commands::Commands(Device& device) : device_(device) {
  VkCommandPoolCreateInfo pool{};
  pool.sType = VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO;
  pool.flags = VK_COMMAND_POOL_CREATE_RESET_COMMAND_BUFFER_BIT;
  pool.queueFamilyIndex = device_.about().queue_family;
  device_.check(device_.api().CreateCommandPool(device_.handle(), &pool, nullptr, &pool_),
                "vkCreateCommandPool");
  VkCommandBufferAllocateInfo info{};
  info.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO;
  info.commandPool = pool_;
  info.level = VK_COMMAND_BUFFER_LEVEL_PRIMARY;
  info.commandBufferCount = 1;
  device_.check(device_.api().AllocateCommandBuffers(device_.handle(), &info, &buffer_),
                "vkAllocateCommandBuffers");
  VkFenceCreateInfo fence{};
  fence.sType = VK_STRUCTURE_TYPE_FENCE_CREATE_INFO;
  device_.check(device_.api().CreateFence(device_.handle(), &fence, nullptr, &fence_),
                "vkCreateFence");
}

Commands::~Commands() {
  if (is_running_) device_.api().DeviceWaitIdle(device_.handle());
  if (fence_) device_.api().DestroyFence(device_.handle(), fence_, nullptr);
  if (pool_) device_.api().DestroyCommandPool(device_.handle(), pool_, nullptr);
}

VkCommandBuffer Commands::begin() {
  wait();
  device_.check(device_.api().ResetCommandBuffer(buffer_, 0), "vkResetCommandBuffer");
  VkCommandBufferBeginInfo info{};
  info.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO;
  device_.check(device_.api().BeginCommandBuffer(buffer_, &info), "vkBeginCommandBuffer");
  return buffer_;
}

void Commands::end() {
  device_.check(device_.api().EndCommandBuffer(buffer_), "vkEndCommandBuffer");
}

void Commands::submit() {
  device_.submit(buffer_, fence_);
  is_running_ = true;
}

void Commands::wait() {
  if (!is_running_) return;
  // A kernel that a driver cannot finish in a minute is one that hangs.
  constexpr std::uint64_t kTimeoutNs = 60ull * 1000 * 1000 * 1000;
  const VkResult result =
      device_.api().WaitForFences(device_.handle(), 1, &fence_, VK_TRUE, kTimeoutNs);
  is_running_ = result == VK_TIMEOUT;
  device_.check(result == VK_TIMEOUT ? VK_ERROR_DEVICE_LOST : result, "vkWaitForFences");
  device_.check(device_.api().ResetFences(device_.handle(), 1, &fence_), "vkResetFences");
}

}  // namespace wick::vulkan

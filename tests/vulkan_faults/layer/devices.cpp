// Memory that is counted and runs out, memory that the host cannot map, work that is lost, shaders
// that are not compiled.
#include <map>
#include <mutex>

#include "faults.h"
#include "layer.h"

namespace wick::vulkan_faults {
namespace {

struct Allocated {
  VkDeviceSize n_bytes;
  bool is_local, is_mappable;
};
std::mutex mutex;
std::map<VkDeviceMemory, Allocated> allocated;

void note(VkDeviceMemory memory, const Allocated& about) {
  const std::lock_guard<std::mutex> lock(mutex);
  allocated[memory] = about;
  Faults& all = faults();
  if (about.is_local) all.bytes += about.n_bytes;
  ++all.n_live;
  if (all.bytes > all.most_bytes) all.most_bytes = all.bytes.load();
}

bool has_room(const Allocated& about) {
  const std::uint64_t limit = faults().memory;
  return limit == 0 || !about.is_local || faults().bytes + about.n_bytes <= limit;
}

/// The host's own memory, which takes none of the device's.
bool is_import(const VkMemoryAllocateInfo& info) {
  const auto* next = static_cast<const VkBaseInStructure*>(info.pNext);
  while (next && next->sType != VK_STRUCTURE_TYPE_IMPORT_MEMORY_HOST_POINTER_INFO_EXT)
    next = next->pNext;
  return next != nullptr;
}

VkResult VKAPI_CALL allocate(VkDevice device, const VkMemoryAllocateInfo* info,
                             const VkAllocationCallbacks* allocator, VkDeviceMemory* memory) {
  const bool is_discrete = faults().is_discrete, is_first = info->memoryTypeIndex == 0;
  const Allocated about{info->allocationSize, !is_import(*info) && (!is_discrete || is_first),
                        !is_discrete || !is_first};
  if (fails(Call::kAllocate) || !has_room(about)) return VK_ERROR_OUT_OF_DEVICE_MEMORY;
  VkMemoryAllocateInfo changed = *info;
  if (is_discrete) changed.memoryTypeIndex = 0;
  const VkResult made = next_device(device).AllocateMemory(device, &changed, allocator, memory);
  if (made == VK_SUCCESS) note(*memory, about);
  return made;
}

void VKAPI_CALL free_memory(VkDevice device, VkDeviceMemory memory,
                            const VkAllocationCallbacks* allocator) {
  next_device(device).FreeMemory(device, memory, allocator);
  const std::lock_guard<std::mutex> lock(mutex);
  const auto found = allocated.find(memory);
  if (found == allocated.end()) return;
  if (found->second.is_local) faults().bytes -= found->second.n_bytes;
  --faults().n_live;
  allocated.erase(found);
}

VkResult VKAPI_CALL map(VkDevice device, VkDeviceMemory memory, VkDeviceSize offset,
                        VkDeviceSize size, VkMemoryMapFlags flags, void** mapped) {
  {
    const std::lock_guard<std::mutex> lock(mutex);
    const auto found = allocated.find(memory);
    if (found == allocated.end() || !found->second.is_mappable) return VK_ERROR_MEMORY_MAP_FAILED;
  }
  return next_device(device).MapMemory(device, memory, offset, size, flags, mapped);
}

void VKAPI_CALL requirements(VkDevice device, VkBuffer buffer, VkMemoryRequirements* need) {
  next_device(device).GetBufferMemoryRequirements(device, buffer, need);
  if (faults().is_discrete) need->memoryTypeBits = 0b11;
}

VkResult VKAPI_CALL submit(VkQueue queue, std::uint32_t n, const VkSubmitInfo* submits,
                           VkFence fence) {
  if (fails(Call::kSubmit)) return VK_ERROR_DEVICE_LOST;
  return next_device(queue).QueueSubmit(queue, n, submits, fence);
}

/// The work is done all the same: who frees what it uses may then do so.
VkResult VKAPI_CALL wait(VkDevice device, std::uint32_t n, const VkFence* fences, VkBool32 all,
                         std::uint64_t timeout) {
  const VkResult waited = next_device(device).WaitForFences(device, n, fences, all, timeout);
  return fails(Call::kWait) ? VK_ERROR_DEVICE_LOST : waited;
}

VkResult VKAPI_CALL pipelines(VkDevice device, VkPipelineCache cache, std::uint32_t n,
                              const VkComputePipelineCreateInfo* infos,
                              const VkAllocationCallbacks* allocator, VkPipeline* made) {
  if (!fails(Call::kPipeline))
    return next_device(device).CreateComputePipelines(device, cache, n, infos, allocator, made);
  for (std::uint32_t i = 0; i < n; ++i) made[i] = VK_NULL_HANDLE;
  return VK_ERROR_UNKNOWN;
}

}  // namespace

const std::vector<Replaced>& replaced_of_devices() {
  static const std::vector<Replaced> all = {
      {"vkAllocateMemory", as_function(&allocate)},
      {"vkFreeMemory", as_function(&free_memory)},
      {"vkMapMemory", as_function(&map)},
      {"vkGetBufferMemoryRequirements", as_function(&requirements)},
      {"vkQueueSubmit", as_function(&submit)},
      {"vkWaitForFences", as_function(&wait)},
      {"vkCreateComputePipelines", as_function(&pipelines)}};
  return all;
}

}  // namespace wick::vulkan_faults

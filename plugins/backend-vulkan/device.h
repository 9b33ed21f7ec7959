// A logical device: its queue, its memory, and work that is handed to it. Not for what the work is.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "instance.h"

namespace wick::vulkan {

class Device;

/// Where memory lies.
enum class Place {
  kDevice,  ///< fast for the device; the host sees it where `mapped` is not null
  kShared,  ///< written by the CPU and read by the device: its own where the host sees that
  kUpload,  ///< the host's, written by the CPU
  kRead,    ///< the host's, cached: read by the CPU
};

/// A buffer with memory and an address of its own; frees itself. Moves, does not copy.
class Memory {
 public:
  Memory() = default;
  /// n_bytes 0 gives a buffer of a few bytes. Throws kOutOfMemory.
  Memory(Device& device, std::uint64_t n_bytes, Place place);
  /// The host's own memory, which outlives it. Throws kUnavailable where the driver cannot take it.
  static Memory imported(Device& device, void* bytes, std::uint64_t n_bytes);
  Memory(Memory&& other) noexcept { *this = std::move(other); }
  Memory& operator=(Memory&& other) noexcept;
  ~Memory();

  VkBuffer buffer() const noexcept { return buffer_; }
  std::uint64_t address() const noexcept { return address_; }
  std::uint64_t size() const noexcept { return size_; }
  /// Null where the host cannot see it.
  std::uint8_t* mapped() const noexcept { return mapped_; }

 private:
  VkMemoryRequirements create_buffer(std::uint64_t n_bytes, const void* next);
  void allocate(std::uint64_t n_bytes, Place place);
  void import(void* bytes, std::uint64_t n_bytes);
  void bind();
  void release() noexcept;

  Device* device_ = nullptr;
  VkBuffer buffer_ = VK_NULL_HANDLE;
  VkDeviceMemory memory_ = VK_NULL_HANDLE;
  std::uint64_t size_ = 0, address_ = 0;
  std::uint8_t* mapped_ = nullptr;
};

/// Commands that are recorded once and submitted as often as wanted, one submission at a time.
class Commands {
 public:
  explicit Commands(Device& device);
  ~Commands();
  Commands(const Commands&) = delete;
  Commands& operator=(const Commands&) = delete;

  /// Forgets what was recorded, and begins anew.
  VkCommandBuffer begin();
  void end();
  /// Throws kDeviceLost.
  void submit();
  void wait();

 private:
  Device& device_;
  VkCommandPool pool_ = VK_NULL_HANDLE;
  VkCommandBuffer buffer_ = VK_NULL_HANDLE;
  VkFence fence_ = VK_NULL_HANDLE;
  bool is_running_ = false;
};

class Device {
 public:
  /// `instance` outlives it. Throws what the driver reports.
  Device(const Instance& instance, const PhysicalDevice& physical);
  ~Device();
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  const DeviceApi& api() const noexcept { return api_; }
  /// Null where host memory cannot be imported.
  PFN_vkGetMemoryHostPointerPropertiesEXT host_pointer_properties() const noexcept {
    return host_pointer_properties_;
  }
  VkDevice handle() const noexcept { return device_; }
  const PhysicalDevice& about() const noexcept { return about_; }
  const std::string& name() const noexcept { return about_.name; }
  const Capabilities& can() const noexcept { return about_.can; }

  /// The index of the memory type to try first for a place, among those of the mask; -1: none.
  int memory_type(Place place, std::uint32_t mask, VkMemoryPropertyFlags& flags) const;
  /// Any thread.
  void submit(VkCommandBuffer commands, VkFence fence);
  /// Records, submits and waits.
  void run_once(const std::function<void(VkCommandBuffer)>& record);
  void check(VkResult result, const char* call) const { vulkan::check(result, call, name()); }

 private:
  const Instance& instance_;
  PhysicalDevice about_;
  DeviceApi api_;
  PFN_vkGetMemoryHostPointerPropertiesEXT host_pointer_properties_ = nullptr;
  VkDevice device_ = VK_NULL_HANDLE;
  VkQueue queue_ = VK_NULL_HANDLE;
  std::mutex queue_mutex_;
  VkPhysicalDeviceMemoryProperties memory_{};
};

/// Makes what was written before visible to all that follows: shaders, copies and the host.
void full_barrier(const DeviceApi& api, VkCommandBuffer commands);
/// The same between dispatches alone.
void compute_barrier(const DeviceApi& api, VkCommandBuffer commands);

}  // namespace wick::vulkan

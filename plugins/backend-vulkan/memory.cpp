// Buffers with memory: one allocation each; drivers cut small ones from larger pieces themselves.
#include <utility>

#include "device.h"

namespace wick::vulkan {
namespace {

constexpr VkBufferUsageFlags kUsage =
    VK_BUFFER_USAGE_STORAGE_BUFFER_BIT | VK_BUFFER_USAGE_SHADER_DEVICE_ADDRESS_BIT |
    VK_BUFFER_USAGE_TRANSFER_SRC_BIT | VK_BUFFER_USAGE_TRANSFER_DST_BIT;

}  // namespace

Memory::Memory(Device& device, std::uint64_t n_bytes, Place place) : device_(&device) {
  try {
    allocate(n_bytes, place);
  } catch (...) {
    release();
    throw;
  }
}

void Memory::allocate(std::uint64_t n_bytes, Place place) {
  const DeviceApi& api = device_->api();
  size_ = n_bytes;
  VkBufferCreateInfo info{};
  info.sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO;
  info.size = n_bytes < 16 ? 16 : (n_bytes + 15) / 16 * 16;
  info.usage = kUsage;
  device_->check(api.CreateBuffer(device_->handle(), &info, nullptr, &buffer_), "vkCreateBuffer");
  VkMemoryRequirements need{};
  api.GetBufferMemoryRequirements(device_->handle(), buffer_, &need);
  VkMemoryPropertyFlags flags = 0;
  const int type = device_->memory_type(place, need.memoryTypeBits, flags);
  if (type < 0)
    fail(ErrorCode::kUnavailable, device_->name(), ": it has no memory of the kind that is needed");
  VkMemoryAllocateFlagsInfo address{};
  address.sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_FLAGS_INFO;
  address.flags = VK_MEMORY_ALLOCATE_DEVICE_ADDRESS_BIT;
  VkMemoryAllocateInfo allocate{};
  allocate.sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO;
  allocate.pNext = &address;
  allocate.allocationSize = need.size;
  allocate.memoryTypeIndex = static_cast<std::uint32_t>(type);
  const VkResult result = api.AllocateMemory(device_->handle(), &allocate, nullptr, &memory_);
  if (result == VK_ERROR_OUT_OF_DEVICE_MEMORY || result == VK_ERROR_OUT_OF_HOST_MEMORY)
    fail(ErrorCode::kOutOfMemory, device_->name(), ": no memory for ", need.size, " bytes more (",
         result_name(result),
         "); use a smaller --ctx, fewer layers on this device (--layers), or a smaller model");
  device_->check(result, "vkAllocateMemory");
  device_->check(api.BindBufferMemory(device_->handle(), buffer_, memory_, 0),
                 "vkBindBufferMemory");
  if (flags & VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT) {
    void* mapped = nullptr;
    device_->check(api.MapMemory(device_->handle(), memory_, 0, VK_WHOLE_SIZE, 0, &mapped),
                   "vkMapMemory");
    // Memory of a card that happens to be visible is not used that way: see memory_type().
    const bool shares = device_->can().is_cpu || device_->can().is_integrated;
    if (place != Place::kDevice || shares) mapped_ = static_cast<std::uint8_t*>(mapped);
  }
  VkBufferDeviceAddressInfo where{};
  where.sType = VK_STRUCTURE_TYPE_BUFFER_DEVICE_ADDRESS_INFO;
  where.buffer = buffer_;
  address_ = api.GetBufferDeviceAddress(device_->handle(), &where);
}

Memory& Memory::operator=(Memory&& other) noexcept {
  std::swap(device_, other.device_);
  std::swap(buffer_, other.buffer_);
  std::swap(memory_, other.memory_);
  std::swap(size_, other.size_);
  std::swap(address_, other.address_);
  std::swap(mapped_, other.mapped_);
  return *this;
}

Memory::~Memory() {
  release();
}

void Memory::release() noexcept {
  if (!device_) return;
  const DeviceApi& api = device_->api();
  if (buffer_) api.DestroyBuffer(device_->handle(), buffer_, nullptr);
  if (memory_) api.FreeMemory(device_->handle(), memory_, nullptr);
  buffer_ = VK_NULL_HANDLE;
  memory_ = VK_NULL_HANDLE;
  device_ = nullptr;
}

}  // namespace wick::vulkan

// Buffers with memory: one allocation each; drivers cut small ones from larger pieces themselves.
#include <utility>

#include "device.h"

namespace wick::vulkan {
namespace {

constexpr VkBufferUsageFlags kUsage =
    VK_BUFFER_USAGE_STORAGE_BUFFER_BIT | VK_BUFFER_USAGE_SHADER_DEVICE_ADDRESS_BIT |
    VK_BUFFER_USAGE_TRANSFER_SRC_BIT | VK_BUFFER_USAGE_TRANSFER_DST_BIT;

VkMemoryAllocateFlagsInfo with_address(const void* next) {
  VkMemoryAllocateFlagsInfo info{};
  info.sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_FLAGS_INFO;
  info.pNext = next;
  info.flags = VK_MEMORY_ALLOCATE_DEVICE_ADDRESS_BIT;
  return info;
}

VkMemoryAllocateInfo allocation(std::uint64_t n_bytes, int type, const void* next) {
  VkMemoryAllocateInfo info{};
  info.sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO;
  info.pNext = next;
  info.allocationSize = n_bytes;
  info.memoryTypeIndex = static_cast<std::uint32_t>(type);
  return info;
}

}  // namespace

Memory::Memory(Device& device, std::uint64_t n_bytes, Place place) : device_(&device) {
  try {
    allocate(n_bytes, place);
  } catch (...) {
    release();
    throw;
  }
}

Memory Memory::imported(Device& device, void* bytes, std::uint64_t n_bytes) {
  Memory memory;
  memory.device_ = &device;
  memory.import(bytes, n_bytes);  // what it has by then, its destructor releases
  return memory;
}

VkMemoryRequirements Memory::create_buffer(std::uint64_t n_bytes, const void* next) {
  size_ = n_bytes;
  VkBufferCreateInfo info{};
  info.sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO;
  info.pNext = next;
  info.size = n_bytes < 16 ? 16 : (n_bytes + 15) / 16 * 16;
  info.usage = kUsage;
  const DeviceApi& api = device_->api();
  device_->check(api.CreateBuffer(device_->handle(), &info, nullptr, &buffer_), "vkCreateBuffer");
  VkMemoryRequirements need{};
  api.GetBufferMemoryRequirements(device_->handle(), buffer_, &need);
  return need;
}

void Memory::bind() {
  const DeviceApi& api = device_->api();
  device_->check(api.BindBufferMemory(device_->handle(), buffer_, memory_, 0),
                 "vkBindBufferMemory");
  VkBufferDeviceAddressInfo where{};
  where.sType = VK_STRUCTURE_TYPE_BUFFER_DEVICE_ADDRESS_INFO;
  where.buffer = buffer_;
  address_ = api.GetBufferDeviceAddress(device_->handle(), &where);
}

void Memory::allocate(std::uint64_t n_bytes, Place place) {
  const DeviceApi& api = device_->api();
  const VkMemoryRequirements need = create_buffer(n_bytes, nullptr);
  VkMemoryPropertyFlags flags = 0;
  const int type = device_->memory_type(place, need.memoryTypeBits, flags);
  if (type < 0)
    fail(ErrorCode::kUnavailable, device_->name(), ": it has no memory of the kind that is needed");
  VkMemoryAllocateFlagsInfo address = with_address(nullptr);
  const VkMemoryAllocateInfo allocate = allocation(need.size, type, &address);
  const VkResult result = api.AllocateMemory(device_->handle(), &allocate, nullptr, &memory_);
  if (result == VK_ERROR_OUT_OF_DEVICE_MEMORY || result == VK_ERROR_OUT_OF_HOST_MEMORY)
    fail(ErrorCode::kOutOfMemory, device_->name(), ": no memory for ", need.size, " bytes more (",
         result_name(result), ")");
  device_->check(result, "vkAllocateMemory");
  if (flags & VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT) {
    void* mapped = nullptr;
    device_->check(api.MapMemory(device_->handle(), memory_, 0, VK_WHOLE_SIZE, 0, &mapped),
                   "vkMapMemory");
    // Memory of a card that happens to be visible is not used that way: see memory_type().
    const bool shares = device_->can().is_cpu || device_->can().is_integrated;
    if (place != Place::kDevice || shares) mapped_ = static_cast<std::uint8_t*>(mapped);
  }
  bind();
}

void Memory::import(void* bytes, std::uint64_t n_bytes) {
  constexpr VkExternalMemoryHandleTypeFlagBits kHost =
      VK_EXTERNAL_MEMORY_HANDLE_TYPE_HOST_ALLOCATION_BIT_EXT;
  const std::uint64_t alignment = device_->can().import_alignment;
  if (!device_->host_pointer_properties() || alignment == 0 || n_bytes == 0 ||
      reinterpret_cast<std::uintptr_t>(bytes) % alignment != 0 || n_bytes % alignment != 0)
    fail(ErrorCode::kUnavailable, device_->name(),
         ": this memory of the host cannot be used in place");
  const auto need_success = [&](VkResult result) {
    if (result != VK_SUCCESS)
      fail(ErrorCode::kUnavailable, device_->name(),
           ": memory of the host cannot be used in place (", result_name(result), ")");
  };
  VkMemoryHostPointerPropertiesEXT properties{};
  properties.sType = VK_STRUCTURE_TYPE_MEMORY_HOST_POINTER_PROPERTIES_EXT;
  need_success(device_->host_pointer_properties()(device_->handle(), kHost, bytes, &properties));
  VkExternalMemoryBufferCreateInfo external{};
  external.sType = VK_STRUCTURE_TYPE_EXTERNAL_MEMORY_BUFFER_CREATE_INFO;
  external.handleTypes = kHost;
  const VkMemoryRequirements need = create_buffer(n_bytes, &external);
  VkMemoryPropertyFlags flags = 0;
  const int type =
      device_->memory_type(Place::kRead, need.memoryTypeBits & properties.memoryTypeBits, flags);
  if (type < 0 || need.size > n_bytes) need_success(VK_ERROR_FEATURE_NOT_PRESENT);
  VkImportMemoryHostPointerInfoEXT from{};
  from.sType = VK_STRUCTURE_TYPE_IMPORT_MEMORY_HOST_POINTER_INFO_EXT;
  from.handleType = kHost;
  from.pHostPointer = bytes;
  VkMemoryAllocateFlagsInfo address = with_address(&from);
  const VkMemoryAllocateInfo allocate = allocation(n_bytes, type, &address);
  need_success(device_->api().AllocateMemory(device_->handle(), &allocate, nullptr, &memory_));
  bind();
  mapped_ = static_cast<std::uint8_t*>(bytes);
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

// Memory that the host sees as a buffer of the contract: on the device, with a mirror on the host
// where the host does not see the device's. Plans copy between the two. Memory of the host's own is
// the one or the other.
#pragma once

#include <utility>

#include "device.h"

namespace wick::vulkan {

struct Buffer {
  Buffer(Device& device, std::uint64_t size) : memory(device, size, Place::kDevice), n_bytes(size) {
    if (!memory.mapped()) mirror = Memory(device, size, Place::kRead);
  }
  /// Over the host's memory. Throws kUnavailable where the driver cannot take it.
  Buffer(Device& device, void* bytes, std::uint64_t size)
      : memory(Memory::imported(device, bytes, size)), n_bytes(size) {
    if (device.can().is_cpu || device.can().is_integrated) return;
    mirror = std::move(memory);
    memory = Memory(device, size, Place::kDevice);
  }
  std::uint64_t size() const noexcept { return n_bytes; }
  bool has_mirror() const noexcept { return mirror.buffer() != VK_NULL_HANDLE; }
  /// What the host reads and writes.
  std::uint8_t* host() noexcept { return has_mirror() ? mirror.mapped() : memory.mapped(); }

  Memory memory, mirror;
  std::uint64_t n_bytes;
};

}  // namespace wick::vulkan

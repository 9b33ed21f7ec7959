// Memory that the host sees as a buffer of the contract: on the device, with a pinned mirror where
// both do not share memory. Plans copy between the two. What both share is mapped between runs.
#pragma once

#include <utility>

#include "device.h"

namespace wick::opencl {

struct Buffer {
  Buffer(Device& device, std::uint64_t size) : memory(device, size), n_bytes(size) {
    if (device.can().shares_memory)
      memory.map();
    else
      mirror = Memory(device, size, Place::kPinned);
  }
  /// Over the host's memory. Throws kUnavailable where the driver cannot take it.
  Buffer(Device& device, void* bytes, std::uint64_t size)
      : memory(Memory::imported(device, bytes, size)), n_bytes(size) {
    memory.map();
  }
  std::uint64_t size() const noexcept { return n_bytes; }
  bool has_mirror() const noexcept { return mirror.handle() != nullptr; }
  /// What the host reads and writes between runs.
  std::uint8_t* host() {
    if (has_mirror()) return mirror.mapped();
    memory.map();  // a run that failed leaves it unmapped
    return memory.mapped();
  }

  Memory memory, mirror;
  std::uint64_t n_bytes;
};

}  // namespace wick::opencl

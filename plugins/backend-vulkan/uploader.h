// Copies from the host to device memory through a few slabs that both see: while one is copied by
// the device, the next is filled. Not for memory that the host sees itself.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "device.h"

namespace wick::vulkan {

class Uploader {
 public:
  explicit Uploader(Device& device) : device_(device) {}

  /// Any thread. The bytes have been taken over on return; they are there after finish().
  void copy(const void* from, std::uint64_t n_bytes, VkBuffer to, std::uint64_t offset);
  /// Waits until every copy is done, and frees the slabs; also where it throws.
  void finish();
  /// Memory of the host that it may hold.
  static std::uint64_t staging_bytes() noexcept { return kSlabBytes * kSlabs; }

 private:
  struct Piece {
    VkBuffer to;
    VkBufferCopy region;
  };
  struct Slab {
    explicit Slab(Device& device);
    Memory memory;
    Commands commands;
    std::uint64_t used = 0;
    std::vector<Piece> pieces;
  };
  static constexpr std::uint64_t kSlabBytes = 16u << 20;
  static constexpr std::size_t kSlabs = 4;

  Slab& current();
  void send(Slab& slab);
  void finish_all();

  Device& device_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Slab>> slabs_;
  std::size_t next_ = 0;
};

}  // namespace wick::vulkan

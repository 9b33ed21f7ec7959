// Copies from the host to device memory through a few pinned slabs: while one is copied by the
// device, the next is filled. Not for memory that both share.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "device.h"

namespace wick::opencl {

class Uploader {
 public:
  explicit Uploader(Device& device) : device_(device) {}
  ~Uploader();
  Uploader(const Uploader&) = delete;
  Uploader& operator=(const Uploader&) = delete;

  /// Any thread. The bytes have been taken over on return; they are there after finish().
  void copy(const void* from, std::uint64_t n_bytes, const Memory& to, std::uint64_t offset);
  /// Waits until every copy is done, and frees the slabs; also where it throws.
  void finish();
  /// Memory of the host that it may hold.
  static std::uint64_t staging_bytes() noexcept { return kSlabBytes * kSlabs; }

 private:
  struct Slab {
    explicit Slab(Device& device) : memory(device, kSlabBytes, Place::kPinned) {}
    Memory memory;
    std::uint64_t used = 0;
    cl_event copied = nullptr;  // the last copy out of it
  };
  static constexpr std::uint64_t kSlabBytes = 16u << 20;
  static constexpr std::size_t kSlabs = 4;

  Slab& current();
  void wait(Slab& slab);

  Device& device_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Slab>> slabs_;
  std::size_t next_ = 0;
};

}  // namespace wick::opencl

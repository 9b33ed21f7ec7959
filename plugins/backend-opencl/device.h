// A device in use: its context, its one in-order queue, and memory. Not for kernels.
#pragma once

#include <cstdint>
#include <string>

#include "platform.h"

namespace wick::opencl {

class Device {
 public:
  /// Throws what the driver reports.
  Device(const PhysicalDevice& physical, bool profiles);
  ~Device();
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  const PhysicalDevice& about() const noexcept { return about_; }
  const std::string& name() const noexcept { return about_.name; }
  const Capabilities& can() const noexcept { return about_.can; }
  cl_context context() const noexcept { return context_; }
  cl_command_queue queue() const noexcept { return queue_; }
  bool profiles() const noexcept { return profiles_; }
  void check(cl_int result, const char* call) const { opencl::check(result, call, name()); }
  /// Waits for all that was enqueued. Throws kDeviceLost.
  void finish() const { check(api().Finish(queue_), "clFinish"); }

 private:
  PhysicalDevice about_;
  cl_context context_ = nullptr;
  cl_command_queue queue_ = nullptr;
  bool profiles_;
};

enum class Place {
  kDevice,  ///< the host sees it only where both share memory, between map() and unmap()
  kPinned   ///< the host's, for fast copies to and from the device: always mapped
};

/// A buffer. Of a device that shares the host's memory it is the host's own, so nothing is copied.
class Memory {
 public:
  Memory() = default;
  /// Throws kOutOfMemory. 0 bytes become some.
  Memory(Device& device, std::uint64_t n_bytes, Place place = Place::kDevice);
  /// Over the host's memory, which outlives it. Throws kUnavailable where it cannot be used.
  static Memory imported(Device& device, void* bytes, std::uint64_t n_bytes);
  Memory(Memory&& other) noexcept { *this = static_cast<Memory&&>(other); }
  Memory& operator=(Memory&& other) noexcept;
  ~Memory();

  cl_mem handle() const noexcept { return handle_; }
  std::uint64_t size() const noexcept { return size_; }
  /// No other memory has had it: handles come again.
  std::uint64_t serial() const noexcept { return serial_; }
  /// What the host may read and write now; null: nothing.
  std::uint8_t* mapped() const noexcept { return mapped_; }
  /// Waits until the device is done with it. Only for memory that both share.
  void map();
  /// Before the device uses it again.
  void unmap();

 private:
  void create(std::uint64_t n_bytes, cl_mem_flags flags, void* host);
  void release() noexcept;

  Device* device_ = nullptr;
  cl_mem handle_ = nullptr;
  std::uint64_t size_ = 0, serial_ = 0;
  std::uint8_t* mapped_ = nullptr;
  void* own_ = nullptr;  // host memory that is the buffer
};

}  // namespace wick::opencl

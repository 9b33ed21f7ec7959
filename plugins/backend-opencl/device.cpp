// See device.h.
#include "device.h"

#include <atomic>
#include <cstdlib>
#include <utility>

namespace wick::opencl {
namespace {
// What drivers ask for, to use the host's memory in place.
constexpr std::uint64_t kPage = 4096, kLine = 64;
}  // namespace

Device::Device(const PhysicalDevice& physical, bool profiles)
    : about_(physical), profiles_(profiles) {
  cl_int result = CL_SUCCESS;
  const cl_context_properties properties[] = {
      CL_CONTEXT_PLATFORM, reinterpret_cast<cl_context_properties>(about_.platform), 0};
  context_ = api().CreateContext(properties, 1, &about_.handle, nullptr, nullptr, &result);
  check(result, "clCreateContext");
  queue_ = api().CreateCommandQueue(context_, about_.handle,
                                    profiles ? CL_QUEUE_PROFILING_ENABLE : 0, &result);
  if (result == CL_SUCCESS) return;
  api().ReleaseContext(context_);
  check(result, "clCreateCommandQueue");
}

Device::~Device() {
  api().Finish(queue_);
  api().ReleaseCommandQueue(queue_);
  api().ReleaseContext(context_);
}

void Memory::create(std::uint64_t n_bytes, cl_mem_flags flags, void* host) {
  if (n_bytes > device_->can().max_allocation)
    fail(ErrorCode::kOutOfMemory, device_->name(), ": a piece of ", n_bytes,
         " bytes, the driver gives at most ", device_->can().max_allocation);
  cl_int result = CL_SUCCESS;
  handle_ = api().CreateBuffer(device_->context(), flags, n_bytes, host, &result);
  // Drivers of cards promise first and look for memory when it is used: they are asked at once.
  if (result == CL_SUCCESS && !host && !(flags & CL_MEM_ALLOC_HOST_PTR))
    result = api().EnqueueMigrateMemObjects(device_->queue(), 1, &handle_,
                                            CL_MIGRATE_MEM_OBJECT_CONTENT_UNDEFINED, 0, nullptr,
                                            nullptr);
  if (is_out_of_memory(result))
    fail(ErrorCode::kOutOfMemory, device_->name(), ": no memory for ", n_bytes, " bytes more (",
         result_name(result), ")");
  device_->check(result, "clCreateBuffer");
  static std::atomic<std::uint64_t> made{0};
  serial_ = ++made;
}

Memory::Memory(Device& device, std::uint64_t n_bytes, Place place) : device_(&device) {
  size_ = n_bytes;
  n_bytes = (n_bytes + kLine) / kLine * kLine;
  try {
    if (place == Place::kPinned) {
      create(n_bytes, CL_MEM_READ_WRITE | CL_MEM_ALLOC_HOST_PTR, nullptr);
      map();
    } else if (device.can().shares_memory) {
      own_ = std::aligned_alloc(kPage, (n_bytes + kPage - 1) / kPage * kPage);
      if (!own_)
        fail(ErrorCode::kOutOfMemory, device.name(), ": no memory for ", n_bytes, " bytes more");
      create(n_bytes, CL_MEM_READ_WRITE | CL_MEM_USE_HOST_PTR, own_);
    } else {
      create(n_bytes, CL_MEM_READ_WRITE, nullptr);
    }
  } catch (...) {
    release();
    throw;
  }
}

Memory Memory::imported(Device& device, void* bytes, std::uint64_t n_bytes) {
  if (!device.can().shares_memory || n_bytes == 0 || n_bytes % kLine != 0 ||
      reinterpret_cast<std::uintptr_t>(bytes) % kPage != 0)
    fail(ErrorCode::kUnavailable, device.name(),
         ": this memory of the host cannot be used in place");
  Memory memory;
  memory.device_ = &device;
  memory.size_ = n_bytes;
  memory.create(n_bytes, CL_MEM_READ_WRITE | CL_MEM_USE_HOST_PTR, bytes);
  return memory;
}

void Memory::map() {
  if (mapped_) return;
  cl_int result = CL_SUCCESS;
  void* bytes =
      api().EnqueueMapBuffer(device_->queue(), handle_, CL_TRUE, CL_MAP_READ | CL_MAP_WRITE, 0,
                             size_ > 0 ? size_ : 1, 0, nullptr, nullptr, &result);
  device_->check(result, "clEnqueueMapBuffer");
  mapped_ = static_cast<std::uint8_t*>(bytes);
}

void Memory::unmap() {
  if (!mapped_) return;
  device_->check(
      api().EnqueueUnmapMemObject(device_->queue(), handle_, mapped_, 0, nullptr, nullptr),
      "clEnqueueUnmapMemObject");
  mapped_ = nullptr;
}

Memory& Memory::operator=(Memory&& other) noexcept {
  std::swap(device_, other.device_);
  std::swap(handle_, other.handle_);
  std::swap(size_, other.size_);
  std::swap(serial_, other.serial_);
  std::swap(mapped_, other.mapped_);
  std::swap(own_, other.own_);
  return *this;
}

Memory::~Memory() {
  release();
}

void Memory::release() noexcept {
  if (!device_) return;
  if (mapped_) api().EnqueueUnmapMemObject(device_->queue(), handle_, mapped_, 0, nullptr, nullptr);
  // The host's memory must not go before the device is done with it.
  if (own_ || mapped_) api().Finish(device_->queue());
  if (handle_) api().ReleaseMemObject(handle_);
  std::free(own_);
  handle_ = nullptr, mapped_ = nullptr, own_ = nullptr, device_ = nullptr;
}

}  // namespace wick::opencl

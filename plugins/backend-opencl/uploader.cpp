// See uploader.h.
#include "uploader.h"

#include <algorithm>
#include <cstring>

namespace wick::opencl {

Uploader::~Uploader() {
  for (const auto& slab : slabs_)
    if (slab->copied) api().ReleaseEvent(slab->copied);
}

void Uploader::wait(Slab& slab) {
  if (!slab.copied) return;
  const cl_int result = api().WaitForEvents(1, &slab.copied);
  api().ReleaseEvent(slab.copied);
  slab.copied = nullptr;
  slab.used = 0;
  device_.check(result, "clWaitForEvents");
}

Uploader::Slab& Uploader::current() {
  if (slabs_.size() <= next_) slabs_.push_back(std::make_unique<Slab>(device_));
  Slab& slab = *slabs_[next_];
  if (slab.used == 0) wait(slab);
  return slab;
}

void Uploader::copy(const void* from, std::uint64_t n_bytes, const Memory& to,
                    std::uint64_t offset) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto* bytes = static_cast<const std::uint8_t*>(from);
  while (n_bytes > 0) {
    Slab& slab = current();
    const std::uint64_t n = std::min(n_bytes, kSlabBytes - slab.used);
    std::uint8_t* at = slab.memory.mapped() + slab.used;
    std::memcpy(at, bytes, n);
    if (slab.copied) api().ReleaseEvent(slab.copied);
    slab.copied = nullptr;
    device_.check(api().EnqueueWriteBuffer(device_.queue(), to.handle(), CL_FALSE, offset, n, at, 0,
                                           nullptr, &slab.copied),
                  "clEnqueueWriteBuffer");
    bytes += n, offset += n, n_bytes -= n;
    slab.used = std::min((slab.used + n + 63) / 64 * 64, kSlabBytes);
    if (slab.used == kSlabBytes) {
      slab.used = 0;
      next_ = (next_ + 1) % kSlabs;
      device_.check(api().Flush(device_.queue()), "clFlush");
    }
  }
}

void Uploader::finish() {
  const std::lock_guard<std::mutex> lock(mutex_);
  const cl_int result = api().Finish(device_.queue());
  for (const auto& slab : slabs_)
    if (slab->copied) api().ReleaseEvent(slab->copied), slab->copied = nullptr;
  slabs_.clear();
  next_ = 0;
  device_.check(result, "clFinish");
}

}  // namespace wick::opencl

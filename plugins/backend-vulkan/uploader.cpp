// See uploader.h.
#include "uploader.h"

#include <algorithm>
#include <cstring>
#include <exception>

namespace wick::vulkan {

Uploader::Slab::Slab(Device& device)
    : memory(device, kSlabBytes, Place::kUpload), commands(device) {}

Uploader::Slab& Uploader::current() {
  if (slabs_.size() <= next_) slabs_.push_back(std::make_unique<Slab>(device_));
  Slab& slab = *slabs_[next_];
  slab.commands.wait();
  return slab;
}

void Uploader::send(Slab& slab) {
  if (slab.pieces.empty()) return;
  VkCommandBuffer commands = slab.commands.begin();
  for (const Piece& piece : slab.pieces)
    device_.api().CmdCopyBuffer(commands, slab.memory.buffer(), piece.to, 1, &piece.region);
  full_barrier(device_.api(), commands);
  slab.commands.end();
  slab.commands.submit();
  slab.pieces.clear();
  slab.used = 0;
  next_ = (next_ + 1) % kSlabs;
}

void Uploader::copy(const void* from, std::uint64_t n_bytes, VkBuffer to, std::uint64_t offset) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto* bytes = static_cast<const std::uint8_t*>(from);
  while (n_bytes > 0) {
    Slab& slab = current();
    const std::uint64_t n = std::min(n_bytes, kSlabBytes - slab.used);
    std::memcpy(slab.memory.mapped() + slab.used, bytes, n);
    slab.pieces.push_back({to, {slab.used, offset, n}});
    // Copies from multiples of 16 bytes are the fast ones.
    slab.used = std::min((slab.used + n + 15) / 16 * 16, kSlabBytes);
    bytes += n, offset += n, n_bytes -= n;
    if (slab.used == kSlabBytes) send(slab);
  }
}

void Uploader::finish_all() {
  if (next_ < slabs_.size()) send(*slabs_[next_]);
  for (const auto& slab : slabs_) slab->commands.wait();
}

void Uploader::finish() {
  const std::lock_guard<std::mutex> lock(mutex_);
  // Copies that a lost device did not take must not be tried again: their targets are freed.
  std::exception_ptr failed;
  try {
    finish_all();
  } catch (const Error&) {
    failed = std::current_exception();
  }
  slabs_.clear();
  next_ = 0;
  if (failed) std::rethrow_exception(failed);
}

}  // namespace wick::vulkan

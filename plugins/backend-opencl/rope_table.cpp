// See rope_table.h.
#include "rope_table.h"

#include <vector>

namespace wick::opencl {
namespace {
constexpr std::uint64_t kFirstPositions = 1024;
constexpr std::uint32_t kMostPositions = 1u << 24;  // kernels index pairs by 32 bits
}  // namespace

std::uint64_t RopeTable::capacity_for(std::uint32_t n_positions) noexcept {
  std::uint64_t capacity = kFirstPositions;
  while (capacity < n_positions) capacity *= 2;
  return capacity;
}

void RopeTable::reserve(Device& device, std::uint32_t n_positions) {
  if (n_positions <= n_positions_) return;
  if (n_positions > kMostPositions)
    fail(ErrorCode::kBadArgument, device.name(), ": rope@1 at position ", n_positions - 1,
         ", need less than ", kMostPositions, "; use a smaller --ctx");
  // The old one goes first: there need not be room for both. Where there is none for the new one
  // either, the next run tries again.
  n_positions_ = 0;
  memory_ = Memory();
  const std::uint64_t n_bytes = bytes_for(n_positions), capacity = capacity_for(n_positions);
  Memory grown(device, n_bytes);
  std::vector<std::uint8_t> values(n_bytes);
  angles_.write(capacity, values.data());
  device.check(api().EnqueueWriteBuffer(device.queue(), grown.handle(), CL_TRUE, 0, n_bytes,
                                        values.data(), 0, nullptr, nullptr),
               "clEnqueueWriteBuffer");
  memory_ = std::move(grown);
  n_positions_ = static_cast<std::uint32_t>(capacity);
}

}  // namespace wick::opencl

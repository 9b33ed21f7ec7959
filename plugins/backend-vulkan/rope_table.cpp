// See rope_table.h.
#include "rope_table.h"

namespace wick::vulkan {
namespace {

constexpr std::uint64_t kFirstPositions = 1024;
constexpr std::uint32_t kMostPositions = 1u
                                         << 24;  // shaders index pairs of all positions by 32 bits

}  // namespace

std::uint64_t RopeTable::capacity_for(std::uint32_t n_positions) noexcept {
  std::uint64_t capacity = kFirstPositions;
  while (capacity < n_positions) capacity *= 2;
  return capacity;
}

bool RopeTable::reserve(Device& device, std::uint32_t n_positions) {
  if (n_positions <= n_positions_) return false;
  if (n_positions > kMostPositions)
    fail(ErrorCode::kBadArgument, device.name(), ": rope@1 at position ", n_positions - 1,
         ", need less than ", kMostPositions, "; use a smaller --ctx");
  // The old one goes first: there need not be room for both. Where there is none for the new one
  // either, the next run tries again.
  n_positions_ = 0;
  memory_.reset();
  const std::uint64_t n_bytes = bytes_for(n_positions);
  memory_ = std::make_unique<Memory>(device, n_bytes, Place::kDevice);
  std::unique_ptr<Memory> staging;
  if (!memory_->mapped()) staging = std::make_unique<Memory>(device, n_bytes, Place::kUpload);
  std::uint8_t* to = memory_->mapped() ? memory_->mapped() : staging->mapped();
  const std::uint64_t capacity = capacity_for(n_positions);
  angles_.write(capacity, to);
  const VkBufferCopy region{0, 0, n_bytes};
  if (staging)
    device.run_once([&](VkCommandBuffer commands) {
      device.api().CmdCopyBuffer(commands, staging->buffer(), memory_->buffer(), 1, &region);
      full_barrier(device.api(), commands);
    });
  n_positions_ = static_cast<std::uint32_t>(capacity);
  return true;
}

}  // namespace wick::vulkan

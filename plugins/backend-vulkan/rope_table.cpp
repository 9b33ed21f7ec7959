// YaRN: Peng et al., 2023, arXiv 2309.00071.
#include "rope_table.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace wick::vulkan {
namespace {

constexpr std::uint64_t kFirstPositions = 1024;
constexpr std::uint32_t kMostPositions = 1u
                                         << 24;  // shaders index pairs of all positions by 32 bits

/// The pair index whose frequency turns `beta` times within the original context.
double corrected_dim(const RopeParameters& p, double beta) {
  const double turns = static_cast<double>(p.original_context) / (beta * 2.0 * std::acos(-1.0));
  return static_cast<double>(p.n_rotary) * std::log(turns) / (2.0 * std::log(p.base));
}

/// How much of pair i keeps its unscaled angle.
double mix_of(const RopeParameters& p, double i) {
  if (p.ext_factor == 0.0) return 0.0;
  const double low = std::max(0.0, std::floor(corrected_dim(p, p.beta_fast)));
  const double high =
      std::min(static_cast<double>(p.n_rotary - 1), std::ceil(corrected_dim(p, p.beta_slow)));
  const double along = (i - low) / std::max(0.001, high - low);
  return p.ext_factor * (1.0 - std::clamp(along, 0.0, 1.0));
}

}  // namespace

RopeTable::RopeTable(const RopeParameters& p, const std::vector<float>* factors) {
  for (std::int64_t i = 0; i < p.n_rotary / 2; ++i) {
    const double pair = static_cast<double>(i);
    const double factor =
        factors ? static_cast<double>((*factors)[static_cast<std::size_t>(i)]) : 1.0;
    const double turn = std::pow(p.base, -2.0 * pair / static_cast<double>(p.n_rotary)) / factor;
    const double mix = mix_of(p, pair);
    turns_.push_back(turn * p.scale * (1.0 - mix) + turn * mix);
  }
  magnitude_ = p.attn_factor;
  if (p.ext_factor != 0.0) magnitude_ *= 1.0 + 0.1 * std::log(1.0 / p.scale);
}

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
  for (std::uint64_t position = 0; position < capacity; ++position)
    for (const double turn : turns_) {
      const double angle = turn * static_cast<double>(position);
      const float pair[2] = {static_cast<float>(std::cos(angle) * magnitude_),
                             static_cast<float>(std::sin(angle) * magnitude_)};
      std::memcpy(to, pair, sizeof pair);
      to += sizeof pair;
    }
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

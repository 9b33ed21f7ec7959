// Growth appends a chunk, so that blocks never move; shrinking drops the chunks that are all behind
// the end. Runs find blocks by address, so a plan need not be recorded anew when a state grows.
#include "state.h"

#include <cstring>

namespace wick::vulkan {
namespace {

constexpr std::uint64_t kMaxPart = std::uint64_t{1} << 20;  // of a dimension of a state

std::uint64_t aligned(std::uint64_t n_bytes) {
  return (n_bytes + 255) / 256 * 256;
}

std::uint64_t kv_bytes(std::uint64_t n_heads, std::uint64_t dim, std::uint32_t pair_bytes) {
  return aligned(n_heads * WICK_BLOCK_TOKENS * ((dim + 1) / 2) * pair_bytes);
}

std::uint64_t end_of(const StatePlace& p, std::uint32_t pair_bytes) {
  return p.is_kv ? p.values_at + kv_bytes(p.a, p.c, pair_bytes)
                 : p.at + aligned((p.a - 1) * p.b * sizeof(float));
}

}  // namespace

StateLayout::StateLayout(const std::vector<sdk::GraphState>& states, bool precise)
    : pair_bytes(precise ? 8 : 4) {
  for (const sdk::GraphState& state : states) {
    if (state.a == 0 || state.b == 0 || state.a > kMaxPart || state.b > kMaxPart ||
        state.c > kMaxPart || state.a * state.b > kMaxPart * 64 ||
        state.a * state.c > kMaxPart * 64)
      fail(ErrorCode::kBadShape, "vulkan: a state of ", state.a, " x ", state.b, " x ", state.c,
           " cannot be kept");
    StatePlace p{state.kind == "kv", state.a, state.b, state.c, block_bytes, 0};
    if (p.is_kv) {
      p.values_at = p.at + kv_bytes(p.a, p.b, pair_bytes);
    } else if (state.kind != "conv") {
      fail(ErrorCode::kUnavailable, "vulkan: states of kind \"", state.kind, "\" are unknown");
    }
    places.push_back(p);
    block_bytes = end_of(p, pair_bytes);
  }
}

void State::list_blocks(std::uint32_t n_blocks) {
  blocks_.clear();
  for (const Chunk& chunk : chunks_)
    for (std::uint32_t i = 0; i < chunk.n_blocks && blocks_.size() < n_blocks; ++i)
      blocks_.push_back({chunk.memory.get(), i * layout_.block_bytes});
}

void State::resize(std::uint32_t n_blocks) {
  std::uint64_t capacity = 0;
  for (const Chunk& chunk : chunks_) capacity += chunk.n_blocks;
  if (capacity < n_blocks) {
    const auto missing = static_cast<std::uint32_t>(n_blocks - capacity);
    chunks_.push_back({missing, std::make_unique<Memory>(device_, missing * layout_.block_bytes,
                                                         Place::kDevice)});
  }
  while (!chunks_.empty() && capacity > n_blocks &&
         capacity - chunks_.back().n_blocks >= n_blocks) {
    capacity -= chunks_.back().n_blocks;
    chunks_.pop_back();
  }
  list_blocks(n_blocks);
}

void State::check(std::uint32_t index) const {
  if (index >= blocks_.size())
    fail(ErrorCode::kBadArgument, "vulkan: state block ", index, " of ", blocks_.size(),
         " does not exist");
}

void State::copy(std::uint32_t from, std::uint32_t to) {
  check(from), check(to);
  if (from == to || layout_.block_bytes == 0) return;
  const VkBufferCopy region{blocks_[from].offset, blocks_[to].offset, layout_.block_bytes};
  device_.run_once([&](VkCommandBuffer commands) {
    full_barrier(device_.api(), commands);
    device_.api().CmdCopyBuffer(commands, blocks_[from].memory->buffer(),
                                blocks_[to].memory->buffer(), 1, &region);
    full_barrier(device_.api(), commands);
  });
}

void State::read(std::uint32_t index, void* bytes) {
  check(index);
  if (layout_.block_bytes == 0) return;
  const Block& block = blocks_[index];
  const Memory host(device_, layout_.block_bytes, Place::kRead);
  const VkBufferCopy region{block.offset, 0, layout_.block_bytes};
  device_.run_once([&](VkCommandBuffer commands) {
    full_barrier(device_.api(), commands);
    device_.api().CmdCopyBuffer(commands, block.memory->buffer(), host.buffer(), 1, &region);
    full_barrier(device_.api(), commands);
  });
  std::memcpy(bytes, host.mapped(), layout_.block_bytes);
}

void State::write(std::uint32_t index, const void* bytes) {
  check(index);
  if (layout_.block_bytes == 0) return;
  const Block& block = blocks_[index];
  const Memory host(device_, layout_.block_bytes, Place::kUpload);
  std::memcpy(host.mapped(), bytes, layout_.block_bytes);
  const VkBufferCopy region{0, block.offset, layout_.block_bytes};
  device_.run_once([&](VkCommandBuffer commands) {
    full_barrier(device_.api(), commands);
    device_.api().CmdCopyBuffer(commands, host.buffer(), block.memory->buffer(), 1, &region);
    full_barrier(device_.api(), commands);
  });
}

}  // namespace wick::vulkan

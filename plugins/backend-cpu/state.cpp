// Growth appends a chunk of memory, so that blocks never move; shrinking drops the chunks that are
// all behind the end.
#include "state.h"

#include <wick/error.h>

#include <cstring>

namespace wick::cpu {
namespace {

constexpr std::uint64_t kMaxPart = std::uint64_t{1} << 20;  // of a dimension of a state

std::uint64_t aligned(std::uint64_t n_bytes) {
  return (n_bytes + 63) / 64 * 64;
}

StatePlace place(const sdk::GraphState& state, KvType type, std::uint64_t at) {
  if (state.a == 0 || state.b == 0 || state.a > kMaxPart || state.b > kMaxPart ||
      state.c > kMaxPart || state.a * state.b > kMaxPart * 64 || state.a * state.c > kMaxPart * 64)
    fail(ErrorCode::kBadShape, "cpu: a state of ", state.a, " x ", state.b, " x ", state.c,
         " cannot be kept");
  StatePlace p{state.kind == "kv", state.a, state.b, state.c, at, 0, 0, 0};
  if (p.is_kv) {
    p.key_bytes = key_bytes(type, p.b);
    p.value_bytes = value_bytes(type, p.c);
    p.values_at = at + aligned(p.a * p.key_bytes);
  } else if (state.kind != "conv") {
    fail(ErrorCode::kUnavailable, "cpu: states of kind \"", state.kind, "\" are unknown");
  }
  return p;
}

std::uint64_t end_of(const StatePlace& p) {
  return p.is_kv ? p.values_at + aligned(p.a * p.value_bytes) : p.at + aligned((p.a - 1) * p.b * 4);
}

}  // namespace

StateLayout::StateLayout(const std::vector<sdk::GraphState>& states, KvType type) : kv_type(type) {
  for (const sdk::GraphState& state : states) {
    places.push_back(place(state, type, block_bytes));
    block_bytes = end_of(places.back());
  }
}

void State::resize(std::uint32_t n_blocks) {
  const std::uint64_t size = layout_.block_bytes;
  const std::uint32_t held = this->n_blocks();
  if (n_blocks > held) {
    const std::uint32_t more = n_blocks - held;
    blocks_.reserve(n_blocks);
    // Blocks that a smaller size left in the last chunk come first.
    std::uint64_t capacity = 0;
    for (const Chunk& chunk : chunks_) capacity += chunk.n_blocks;
    if (capacity < n_blocks) {
      const auto missing = static_cast<std::uint32_t>(n_blocks - capacity);
      chunks_.push_back({missing, Memory(missing * size, Pages::kHuge)});
    }
    std::uint32_t first = 0;
    for (const Chunk& chunk : chunks_) {
      for (std::uint32_t i = 0; i < chunk.n_blocks; ++i)
        if (first + i >= held && blocks_.size() < held + more)
          blocks_.push_back(chunk.memory.data() + i * size);
      first += chunk.n_blocks;
    }
    return;
  }
  blocks_.resize(n_blocks);
  std::uint64_t capacity = 0;
  for (const Chunk& chunk : chunks_) capacity += chunk.n_blocks;
  while (!chunks_.empty() && capacity - chunks_.back().n_blocks >= n_blocks) {
    capacity -= chunks_.back().n_blocks;
    chunks_.pop_back();
  }
}

void State::check(std::uint32_t index) const {
  if (index >= blocks_.size())
    fail(ErrorCode::kBadArgument, "state: block ", index, " of ", blocks_.size(),
         " does not exist");
}

void State::copy(std::uint32_t from, std::uint32_t to) {
  check(from), check(to);
  if (from != to) std::memcpy(blocks_[to], blocks_[from], layout_.block_bytes);
}

void State::read(std::uint32_t index, void* bytes) const {
  check(index);
  std::memcpy(bytes, blocks_[index], layout_.block_bytes);
}

void State::write(std::uint32_t index, const void* bytes) {
  check(index);
  std::memcpy(blocks_[index], bytes, layout_.block_bytes);
}

}  // namespace wick::cpu

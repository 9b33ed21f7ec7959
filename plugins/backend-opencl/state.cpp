// See state.h.
#include "state.h"

#include <algorithm>
#include <utility>

namespace wick::opencl {
namespace {

constexpr std::uint64_t kMaxPart = std::uint64_t{1} << 20;  // of a dimension of a state

std::uint64_t aligned(std::uint64_t n_bytes) {
  return (n_bytes + 255) / 256 * 256;
}

std::uint64_t kv_bytes(std::uint64_t n_heads, std::uint64_t dim, std::uint32_t pair_bytes) {
  return aligned(n_heads * WICK_BLOCK_TOKENS * ((dim + 1) / 2) * pair_bytes);
}

}  // namespace

StateLayout::StateLayout(const std::vector<sdk::GraphState>& states, bool precise)
    : pair_bytes(precise ? 8 : 4) {
  for (const sdk::GraphState& state : states) {
    if (state.a == 0 || state.b == 0 || state.a > kMaxPart || state.b > kMaxPart ||
        state.c > kMaxPart || state.a * state.b > kMaxPart * 64 ||
        state.a * state.c > kMaxPart * 64)
      fail(ErrorCode::kBadShape, "opencl: a state of ", state.a, " x ", state.b, " x ", state.c,
           " cannot be kept");
    StatePlace p{state.kind == "kv", state.a, state.b, state.c, 0, 0};
    if (p.is_kv) {
      p.values_at = kv_bytes(p.a, p.b, pair_bytes);
      p.block_bytes = p.values_at + kv_bytes(p.a, p.c, pair_bytes);
    } else if (state.kind == "conv") {
      p.block_bytes = aligned((p.a - 1) * p.b * sizeof(float));
    } else {
      fail(ErrorCode::kUnavailable, "opencl: states of kind \"", state.kind, "\" are unknown");
    }
    places.push_back(p);
    block_bytes += p.block_bytes;
  }
}

State::State(Device& device, StateLayout layout)
    : device_(device), layout_(std::move(layout)), parts_(layout_.places.size()) {}

std::uint64_t State::kept_bytes(std::size_t state, std::uint32_t capacity) const {
  return layout_.places[state].block_bytes *
         std::min({n_blocks_, parts_[state].capacity, capacity});
}

Memory State::room(std::size_t state, std::uint32_t capacity) {
  return Memory(device_, std::max<std::uint64_t>(layout_.places[state].block_bytes * capacity, 1));
}

void State::move(std::size_t state, std::uint32_t capacity) {
  Memory grown = room(state, capacity);
  const std::uint64_t kept = kept_bytes(state, capacity);
  if (kept > 0) {
    device_.check(api().EnqueueCopyBuffer(device_.queue(), handle(state), grown.handle(), 0, 0,
                                          kept, 0, nullptr, nullptr),
                  "clEnqueueCopyBuffer");
    device_.finish();
  }
  parts_[state] = {std::move(grown), capacity};
}

/// Where there is no room for both: what is kept waits in the host's memory. Without room for the
/// new one the old one comes back; if that is gone too, there are no blocks any more.
void State::move_by_host(std::size_t state, std::uint32_t capacity) {
  Part& part = parts_[state];
  std::vector<std::uint8_t> kept(kept_bytes(state, capacity));
  const auto transfer = [&](auto call, const char* name) {
    if (!kept.empty())
      device_.check(call(device_.queue(), handle(state), CL_TRUE, 0, kept.size(), kept.data(), 0,
                         nullptr, nullptr),
                    name);
  };
  const std::uint32_t had = part.capacity;
  transfer(api().EnqueueReadBuffer, "clEnqueueReadBuffer");
  part = {};
  try {
    part = {room(state, capacity), capacity};
  } catch (const Error&) {
    const std::uint32_t n_blocks = std::exchange(n_blocks_, 0);
    part = {room(state, had), had};
    n_blocks_ = n_blocks;
    transfer(api().EnqueueWriteBuffer, "clEnqueueWriteBuffer");
    throw;
  }
  transfer(api().EnqueueWriteBuffer, "clEnqueueWriteBuffer");
}

/// To what is asked for and no more: the host knows how much that may become.
void State::resize(std::uint32_t n_blocks) {
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const std::uint32_t have = parts_[i].capacity;
    if (n_blocks <= have && n_blocks >= have / 2) continue;
    try {
      move(i, n_blocks);
    } catch (const Error& e) {
      if (e.code() != ErrorCode::kOutOfMemory || have == 0) throw;
      move_by_host(i, n_blocks);
    }
  }
  n_blocks_ = n_blocks;
}

void State::check(std::uint32_t index) const {
  if (index >= n_blocks_)
    fail(ErrorCode::kBadArgument, "opencl: state block ", index, " of ", n_blocks_,
         " does not exist");
}

void State::copy(std::uint32_t from, std::uint32_t to) {
  check(from), check(to);
  if (from == to) return;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const std::uint64_t block = layout_.places[i].block_bytes;
    if (block > 0)
      device_.check(api().EnqueueCopyBuffer(device_.queue(), handle(i), handle(i), from * block,
                                            to * block, block, 0, nullptr, nullptr),
                    "clEnqueueCopyBuffer");
  }
}

void State::read(std::uint32_t index, void* bytes) {
  check(index);
  auto* to = static_cast<std::uint8_t*>(bytes);
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const std::uint64_t block = layout_.places[i].block_bytes;
    if (block > 0)
      device_.check(api().EnqueueReadBuffer(device_.queue(), handle(i), CL_TRUE, index * block,
                                            block, to, 0, nullptr, nullptr),
                    "clEnqueueReadBuffer");
    to += block;
  }
}

void State::write(std::uint32_t index, const void* bytes) {
  check(index);
  const auto* from = static_cast<const std::uint8_t*>(bytes);
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const std::uint64_t block = layout_.places[i].block_bytes;
    if (block > 0)
      device_.check(api().EnqueueWriteBuffer(device_.queue(), handle(i), CL_TRUE, index * block,
                                             block, from, 0, nullptr, nullptr),
                    "clEnqueueWriteBuffer");
    from += block;
  }
}

}  // namespace wick::opencl

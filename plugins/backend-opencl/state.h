// What layers keep between tokens, in blocks of 32 tokens in device memory. Not for who uses a
// block: the host counts that.
#pragma once

#include <wick/sdk/graph_view.h>

#include <vector>

#include "device.h"

namespace wick::opencl {

/// A state of the graph in its blocks: keys [head][32][pairs] and values alike, a pair being two
/// f16, or two f32 where the model runs precisely; convolutions [width - 1][channels] f32.
struct StatePlace {
  bool is_kv = false;
  std::uint64_t a = 0, b = 0, c = 0;  ///< see wick_state_info
  std::uint64_t values_at = 0;        ///< bytes from the block's begin
  std::uint64_t block_bytes = 0;      ///< of this state
};

struct StateLayout {
  /// Throws kBadShape or kUnavailable for states that cannot be.
  StateLayout(const std::vector<sdk::GraphState>& states, bool precise);
  std::vector<StatePlace> places;
  std::uint64_t block_bytes = 0;  ///< of all
  std::uint32_t pair_bytes;
};

/// Kernels find a block by its index, so each state of the graph is one buffer. It moves when it
/// grows, one at a time, and by way of the host where there is no room for it twice.
class State {
 public:
  State(Device& device, StateLayout layout);

  const StateLayout& layout() const noexcept { return layout_; }
  std::uint64_t block_bytes() const noexcept { return layout_.block_bytes; }
  std::uint32_t n_blocks() const noexcept { return n_blocks_; }
  const Memory& memory(std::size_t state) const noexcept { return parts_[state].memory; }
  cl_mem handle(std::size_t state) const noexcept { return memory(state).handle(); }

  void resize(std::uint32_t n_blocks);
  /// Throws kBadArgument for a block that does not exist.
  void copy(std::uint32_t from, std::uint32_t to);
  void read(std::uint32_t index, void* bytes);
  void write(std::uint32_t index, const void* bytes);

 private:
  struct Part {
    Memory memory;
    std::uint32_t capacity = 0;
  };
  void check(std::uint32_t index) const;
  std::uint64_t kept_bytes(std::size_t state, std::uint32_t capacity) const;
  Memory room(std::size_t state, std::uint32_t capacity);
  void move(std::size_t state, std::uint32_t capacity);
  void move_by_host(std::size_t state, std::uint32_t capacity);

  Device& device_;
  StateLayout layout_;
  std::vector<Part> parts_;
  std::uint32_t n_blocks_ = 0;
};

}  // namespace wick::opencl

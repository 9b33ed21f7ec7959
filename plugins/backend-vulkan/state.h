// What layers keep between tokens, in blocks of 32 tokens in device memory. Not for who uses a
// block: the host counts that.
#pragma once

#include <wick/sdk/graph_view.h>

#include <vector>

#include "device.h"

namespace wick::vulkan {

/// Where a state of the graph lies in a block: keys [head][32][pairs] and values alike, a pair
/// being two f16, or two f32 where the model runs precisely; convolutions [width - 1][channels]
/// f32.
struct StatePlace {
  bool is_kv = false;
  std::uint64_t a = 0, b = 0, c = 0;    ///< see wick_state_info
  std::uint64_t at = 0, values_at = 0;  ///< bytes from the block's begin
};

struct StateLayout {
  /// Throws kBadShape or kUnavailable for states that cannot be.
  StateLayout(const std::vector<sdk::GraphState>& states, bool precise);
  std::vector<StatePlace> places;
  std::uint64_t block_bytes = 0;
  std::uint32_t pair_bytes;
};

class State {
 public:
  State(Device& device, StateLayout layout) : device_(device), layout_(std::move(layout)) {}

  const StateLayout& layout() const noexcept { return layout_; }
  std::uint64_t block_bytes() const noexcept { return layout_.block_bytes; }
  std::uint32_t n_blocks() const noexcept { return static_cast<std::uint32_t>(blocks_.size()); }
  std::uint64_t block_address(std::uint32_t index) const noexcept {
    return blocks_[index].memory->address() + blocks_[index].offset;
  }

  void resize(std::uint32_t n_blocks);
  /// Throws kBadArgument for a block that does not exist.
  void copy(std::uint32_t from, std::uint32_t to);
  void read(std::uint32_t index, void* bytes);
  void write(std::uint32_t index, const void* bytes);

 private:
  struct Chunk {
    std::uint32_t n_blocks;
    std::unique_ptr<Memory> memory;
  };
  struct Block {
    const Memory* memory;
    std::uint64_t offset;
  };
  void check(std::uint32_t index) const;
  void list_blocks(std::uint32_t n_blocks);

  Device& device_;
  StateLayout layout_;
  std::vector<Chunk> chunks_;
  std::vector<Block> blocks_;
};

}  // namespace wick::vulkan

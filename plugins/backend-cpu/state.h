// What layers keep between tokens, in blocks of 32 tokens. Not for who uses a block: the host
// counts that.
#pragma once

#include <wick/sdk/graph_view.h>

#include <cstdint>
#include <vector>

#include "kv_type.h"
#include "memory.h"

namespace wick::cpu {

/// Where the states of a graph lie in a block; keys [head][head_dim][32] and values
/// [head][32][value_dim] of a KvType (kBf16 in pairs), convolutions [width - 1][channels] f32.
struct StatePlace {
  bool is_kv = false;
  std::uint64_t a = 0, b = 0, c = 0;  ///< see wick_state_info
  std::uint64_t at = 0;               ///< bytes from the block's begin
  // "kv": where the values begin, and the bytes of a head's keys and of its values.
  std::uint64_t values_at = 0, key_bytes = 0, value_bytes = 0;
};

struct StateLayout {
  /// Throws kBadShape or kUnavailable for states that cannot be.
  StateLayout(const std::vector<sdk::GraphState>& states, KvType type);
  std::vector<StatePlace> places;
  std::uint64_t block_bytes = 0;
  KvType kv_type;
};

class State {
 public:
  explicit State(StateLayout layout) : layout_(std::move(layout)) {}

  const StateLayout& layout() const noexcept { return layout_; }
  std::uint64_t block_bytes() const noexcept { return layout_.block_bytes; }
  std::uint32_t n_blocks() const noexcept { return static_cast<std::uint32_t>(blocks_.size()); }
  std::uint8_t* block(std::uint32_t index) const noexcept { return blocks_[index]; }

  std::uint8_t* const* blocks() const noexcept { return blocks_.data(); }

  void resize(std::uint32_t n_blocks);
  /// Throws kBadArgument for a block that does not exist.
  void copy(std::uint32_t from, std::uint32_t to);
  void read(std::uint32_t index, void* bytes) const;
  void write(std::uint32_t index, const void* bytes);

 private:
  void check(std::uint32_t index) const;

  struct Chunk {
    std::uint32_t n_blocks;
    Memory memory;
  };
  StateLayout layout_;
  std::vector<Chunk> chunks_;
  std::vector<std::uint8_t*> blocks_;
};

}  // namespace wick::cpu

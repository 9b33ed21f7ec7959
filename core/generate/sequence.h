// One sequence of a session: its tokens, and the blocks that hold their state.
#pragma once

#include <cstdint>
#include <vector>

namespace wick {

struct Sequence {
  std::vector<std::int32_t> tokens;
  /// How many of them have state. Fewer than tokens after a cut inside a block whose state cannot
  /// be cut: the rest, at most a block less one token, runs again before anything else.
  std::uint32_t computed = 0;
  std::vector<std::uint32_t> blocks;
};

}  // namespace wick

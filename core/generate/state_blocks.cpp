// See state_blocks.h.
#include "generate/state_blocks.h"

#include <algorithm>
#include <functional>

namespace wick {

std::uint32_t StateBlocks::acquire() {
  if (free_.empty()) {
    users_.push_back(1);
    return capacity() - 1;
  }
  std::pop_heap(free_.begin(), free_.end(), std::greater<>());
  const std::uint32_t block = free_.back();
  free_.pop_back();
  users_[block] = 1;
  return block;
}

void StateBlocks::release(std::uint32_t block) {
  if (--users_[block] > 0) return;
  free_.push_back(block);
  std::push_heap(free_.begin(), free_.end(), std::greater<>());
}

}  // namespace wick

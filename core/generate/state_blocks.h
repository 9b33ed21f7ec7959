// Who uses which state block: counts users, hands out free ones. Not their contents, which are the
// backend's.
#pragma once

#include <cstdint>
#include <vector>

namespace wick {

/// Blocks are numbers from 0; released ones are used again, lowest first, so that state stays
/// compact.
class StateBlocks {
 public:
  /// A block with one user.
  std::uint32_t acquire();
  void share(std::uint32_t block) { ++users_[block]; }
  void release(std::uint32_t block);
  bool is_shared(std::uint32_t block) const { return users_[block] > 1; }
  /// Blocks that must exist: one more than the highest number ever handed out.
  std::uint32_t capacity() const { return static_cast<std::uint32_t>(users_.size()); }
  std::uint32_t in_use() const { return static_cast<std::uint32_t>(users_.size() - free_.size()); }

 private:
  std::vector<std::uint32_t> users_;
  std::vector<std::uint32_t> free_;  // a heap, lowest first
};

}  // namespace wick

// Places in an arena for values that live from one step to another, by first fit. Not for memory
// itself.
#pragma once

#include <cstdint>
#include <vector>

namespace wick::vulkan {

class Slots {
 public:
  /// The offset of a free place, a multiple of 256.
  std::uint64_t take(std::uint64_t n_bytes);
  void release(std::uint64_t offset) noexcept;
  /// The end of the furthest place ever taken.
  std::uint64_t size() const noexcept { return size_; }

 private:
  struct Place {
    std::uint64_t begin, end;
  };
  std::vector<Place> taken_;  // sorted
  std::uint64_t size_ = 0;
};

}  // namespace wick::vulkan

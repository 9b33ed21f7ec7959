// Places in an arena for values that live from one step to another, by first fit. Not for memory
// itself.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace wick {
inline namespace v1 {
namespace sdk {

/// A sorted list of places is enough: a plan has a dozen live values.
class Slots {
 public:
  /// The offset of a free place, a multiple of 64.
  std::uint64_t take(std::uint64_t n_bytes) {
    n_bytes = (n_bytes + 63) / 64 * 64;
    std::uint64_t begin = 0;
    auto at = taken_.begin();
    for (; at != taken_.end() && at->begin - begin < n_bytes; ++at) begin = at->end;
    taken_.insert(at, {begin, begin + n_bytes});
    size_ = std::max(size_, begin + n_bytes);
    return begin;
  }
  void release(std::uint64_t offset) noexcept {
    const auto at = std::find_if(taken_.begin(), taken_.end(),
                                 [&](const Place& place) { return place.begin == offset; });
    if (at != taken_.end()) taken_.erase(at);
  }
  /// The end of the furthest place ever taken.
  std::uint64_t size() const noexcept { return size_; }

 private:
  struct Place {
    std::uint64_t begin, end;
  };
  std::vector<Place> taken_;  // sorted
  std::uint64_t size_ = 0;
};

}  // namespace sdk
}  // namespace v1
}  // namespace wick

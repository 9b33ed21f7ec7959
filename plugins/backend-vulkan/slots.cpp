// A sorted list of places is enough: a plan has a dozen live values.
#include "slots.h"

#include <algorithm>

namespace wick::vulkan {

std::uint64_t Slots::take(std::uint64_t n_bytes) {
  n_bytes = (n_bytes + 63) / 64 * 64;
  std::uint64_t begin = 0;
  auto at = taken_.begin();
  for (; at != taken_.end() && at->begin - begin < n_bytes; ++at) begin = at->end;
  taken_.insert(at, {begin, begin + n_bytes});
  size_ = std::max(size_, begin + n_bytes);
  return begin;
}

void Slots::release(std::uint64_t offset) noexcept {
  const auto at = std::find_if(taken_.begin(), taken_.end(),
                               [&](const Place& place) { return place.begin == offset; });
  if (at != taken_.end()) taken_.erase(at);
}

}  // namespace wick::vulkan

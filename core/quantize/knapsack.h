// Which of several options each item gets, so that the sum of losses is small within a sum of
// bytes. Knows nothing of tensors.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace wick {

struct SizedLoss {
  std::uint64_t bytes = 0;
  double loss = 0;
};

/// The index of the option of each item. Steps along the lower convex hulls, the one that gains
/// most a byte first, as far as the budget goes; what is left goes to whatever gains most and fits.
/// Where not even the smallest options fit, those are chosen. Every item has an option.
std::vector<std::size_t> fill_budget(const std::vector<std::vector<SizedLoss>>& items,
                                     std::uint64_t budget);

/// Of the smallest options.
std::uint64_t least_bytes(const std::vector<std::vector<SizedLoss>>& items);

}  // namespace wick

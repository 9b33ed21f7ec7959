// The search of an encoder: which codes, scales and mins lose least, for any storage class of up to
// 16 levels a table. Not for bytes: the formats join what is found here.
#pragma once

#include <wick/abi/storage.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace wick::quant {

/// Groups that are searched at a time, each in a lane of its own.
inline constexpr int kGroupsAtOnce = 16;
inline constexpr int kMaxGroupValues = 256;

/// Whole blocks of one row: finite values, and what the squared error of each weighs.
struct SearchTask {
  const wick_storage_class* storage;
  const float* values;  ///< [n_blocks, super_values]
  const float*
      importance;  ///< the same shape, finite and not negative; or null: all weigh the same
  int n_blocks;    ///< at most kGroupsAtOnce groups, and one block at least
};

/// The parts of each block, as unpacking gives them. A scale or min that its type cannot hold is
/// left as it is, for the writer to refuse.
struct FoundParts {
  std::uint8_t* codes;       ///< [n_blocks, super_values]
  float* scales;             ///< [n_blocks]
  float* mins;               ///< the same; unused without mins
  std::int16_t* sub_scales;  ///< [n_blocks, groups]; unused with one level
  std::int16_t* sub_mins;    ///< the same
};

using ScaleSearch = void (*)(const SearchTask& task, const FoundParts& found) noexcept;

struct NamedSearch {
  const char* isa;
  ScaleSearch search;
};
/// The builds that this CPU runs, fastest last. All find the same.
std::vector<NamedSearch> usable_searches();
/// The fastest.
ScaleSearch scale_search();

extern const ScaleSearch kScaleSearch;
#if defined(__x86_64__)
extern const ScaleSearch kScaleSearchV3, kScaleSearchV4;
#endif

}  // namespace wick::quant

// How a weight lies in device memory: one layout for every storage class. Not for filling it
// (weight.h).
//
// A row of a matrix is cut into units of 32 columns (the last is padded with zeros), and each kind
// of data into a plane of its own, so that neighbouring threads read neighbouring bytes:
//
//   codes     planes of 8, or of 4, 2 and 1 bits, that together have the bits of the class: 6 is 4
//             and 2, the higher bits in the narrower plane
//   scales    per super group, of the class's type; scale and min side by side
//   subs      per group, a byte each for the scale and the min of the second level, from 0
//   peaks     f32, a bound of the magnitudes of a row: by it products in f16 scale rows into its
//   range table     the values of codes, f32
//
// Four codes of neighbouring columns are the four bytes of a word, whatever the plane: quad q of a
// unit is (word[q / 2] >> 4 * (q % 2)) & 0x0f0f0f0f in the plane of 4 bits, and so on. So one mask
// gives what an integer dot product takes. Plain types have one plane of values.
// shaders/weight.glsl reads this layout.
#pragma once

#include <wick/abi/backend.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace wick::vulkan {

constexpr std::uint32_t kUnit = 32;  ///< columns

enum class Kind : std::uint32_t { kAffine, kTable, kF32, kF16, kBf16 };

/// The storage class as the shaders are specialized for it.
struct Packing {
  Kind kind = Kind::kF32;
  std::uint32_t bits = 0, group = kUnit, super = kUnit;
  std::uint32_t scale_type = WICK_SCALE_F32;
  std::uint32_t has_min = 0;
  std::uint32_t sub_scale = 0, sub_min = 0;  ///< 1: there is a second level
  std::int32_t sub_scale_low = 0, sub_min_low = 0, zero_point = 0;

  bool operator==(const Packing&) const = default;
  bool is_plain() const noexcept { return kind != Kind::kAffine && kind != Kind::kTable; }
};

struct Plane {
  std::uint64_t offset = 0, row_bytes = 0;
};

enum PlaneIndex : std::size_t { kCodes, kCodes2, kCodes1, kScales, kSubs, kPeaks, kPlanes };

struct Layout {
  Packing packing;
  bool is_vector = false;     ///< f32 values, no units
  bool is_flattened = false;  ///< a second level too wide for bytes was multiplied into the first
  std::uint32_t groups_a_super = 1;  ///< of the class
  std::uint64_t n_rows = 0, n_cols = 0;
  std::uint32_t n_units = 0, n_groups = 0, n_supers = 0;  ///< of a row
  std::array<Plane, kPlanes> planes{};
  std::uint64_t table_offset = 0;
  std::vector<float> table;
  std::uint64_t total_bytes = 0;
};

/// Throws kBadShape for classes and shapes that break the contract.
Layout make_layout(const wick_weight_desc& desc);

}  // namespace wick::vulkan

// How a weight lies in device memory: one layout for every storage class. Not for filling it
// (planes_pack.h). C++17, header only, for backends of devices whose kernels like it.
//
// A row of a matrix is cut into units of 32 columns (the last is padded with zeros), and each kind
// of data into a plane of its own, so that neighbouring threads read neighbouring bytes:
//
//   codes     planes of 8, or of 4, 2 and 1 bits, that together have the bits of the class: 6 is 4
//             and 2, the higher bits in the narrower plane
//   scales    per super group, of the class's type; scale and min side by side
//   subs      per group, a byte each for the scale and the min of the second level, from 0
//   peaks     f32, a bound of the magnitudes of a row: by it products in f16 scale rows into
//             its range
//   table     the values of codes, f32
//
// Four codes of neighbouring columns are the four bytes of a word, whatever the plane: quad q of a
// unit is (word[q / 2] >> 4 * (q % 2)) & 0x0f0f0f0f in the plane of 4 bits, and so on. So one mask
// gives what an integer dot product takes. Plain types have one plane of values.
#pragma once

#include <wick/abi/backend.h>
#include <wick/error.h>
#include <wick/sdk/guard.h>

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace wick {
inline namespace v1 {
namespace sdk {
namespace planes {

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

  bool operator==(const Packing& o) const noexcept {
    return kind == o.kind && bits == o.bits && group == o.group && super == o.super &&
           scale_type == o.scale_type && has_min == o.has_min && sub_scale == o.sub_scale &&
           sub_min == o.sub_min && sub_scale_low == o.sub_scale_low &&
           sub_min_low == o.sub_min_low && zero_point == o.zero_point;
  }
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

namespace detail {

constexpr std::uint64_t kMaxCols = std::uint64_t{1} << 24;
constexpr std::uint64_t kMaxBytes = std::uint64_t{1} << 36;  // shaders index words by 32 bits

inline std::uint32_t n_of(std::uint32_t n_units, std::uint32_t length) {
  return static_cast<std::uint32_t>((std::uint64_t{n_units} * kUnit + length - 1) / length);
}

inline void check_class(const wick_storage_class& s, const wick_weight_desc& desc,
                        std::string_view backend) {
  const bool ok = s.code_bits >= 1 && s.code_bits <= 8 && s.group_values > 0 &&
                  s.group_values % 8 == 0 && s.super_values > 0 &&
                  s.super_values % s.group_values == 0 && s.scale_type <= WICK_SCALE_E8M0 &&
                  s.super_values <= kMaxCols;
  if (!ok)
    fail(ErrorCode::kBadShape, backend, ": ", to_view(desc.name), ": codes of ", s.code_bits,
         " bits in groups of ", s.group_values, " of ", s.super_values,
         " values are no storage class; report this to the format's author");
  if (desc.n_cols % s.super_values != 0)
    fail(ErrorCode::kBadShape, backend, ": ", to_view(desc.name), ": a row holds ", desc.n_cols,
         " weights, need a multiple of ", s.super_values);
}

inline bool fits_a_byte(std::uint32_t bits) {
  return bits <= 8;
}

inline void set_class(Layout& layout, const wick_storage_class& s) {
  Packing& p = layout.packing;
  p.kind = s.table ? Kind::kTable : Kind::kAffine;
  p.bits = s.code_bits;
  p.group = s.group_values;
  p.super = s.super_values;
  p.scale_type = s.scale_type;
  p.has_min = s.has_min ? 1 : 0;
  p.zero_point = s.table ? 0 : s.zero_point;
  const bool two = s.sub_scale_bits > 0 || (s.has_min && s.sub_min_bits > 0);
  layout.groups_a_super = s.super_values / s.group_values;
  layout.is_flattened = two && !(fits_a_byte(s.sub_scale_bits) && fits_a_byte(s.sub_min_bits));
  if (layout.is_flattened) {
    p.super = p.group;
    p.scale_type = WICK_SCALE_F32;
  } else if (two) {
    p.sub_scale = s.sub_scale_bits > 0 ? 1 : 0;
    p.sub_min = s.has_min && s.sub_min_bits > 0 ? 1 : 0;
    p.sub_scale_low = p.sub_scale ? s.sub_scale_low : 0;
    p.sub_min_low = p.sub_min ? s.sub_min_low : 0;
  }
  if (s.table) layout.table.assign(s.table, s.table + (std::size_t{1} << s.code_bits));
}

inline void set_plain(Layout& layout, const wick_weight_desc& desc, std::string_view backend) {
  switch (desc.plain_type) {
    case WICK_TYPE_F32:
      layout.packing.kind = Kind::kF32;
      return;
    case WICK_TYPE_F16:
      layout.packing.kind = Kind::kF16;
      return;
    case WICK_TYPE_BF16:
      layout.packing.kind = Kind::kBf16;
      return;
    default:
      fail(ErrorCode::kUnavailable, backend, ": ", to_view(desc.name), ": the plain type ",
           desc.plain_type, " is unknown; use another backend");
  }
}

inline std::uint64_t scale_bytes(std::uint32_t type) {
  return type == WICK_SCALE_F32 ? 4 : type == WICK_SCALE_F16 ? 2 : 1;
}

inline void place_planes(Layout& layout) {
  const Packing& p = layout.packing;
  auto& planes = layout.planes;
  if (p.is_plain()) {
    planes[kCodes].row_bytes =
        std::uint64_t{layout.n_units} * kUnit * (p.kind == Kind::kF32 ? 4 : 2);
  } else {
    const std::uint64_t units = layout.n_units;
    planes[kCodes].row_bytes = units * (p.bits == 8 ? 32 : p.bits >= 4 ? 16 : 0);
    planes[kCodes2].row_bytes = p.bits != 8 && (p.bits & 2u) ? units * 8 : 0;
    planes[kCodes1].row_bytes = p.bits != 8 && (p.bits & 1u) ? units * 4 : 0;
    planes[kScales].row_bytes = layout.n_supers * (1 + p.has_min) * scale_bytes(p.scale_type);
    planes[kSubs].row_bytes = std::uint64_t{layout.n_groups} * (p.sub_scale + p.sub_min);
  }
  planes[kPeaks].row_bytes = sizeof(float);
  std::uint64_t end = 0;
  for (Plane& plane : planes) {
    plane.offset = end;
    end += (plane.row_bytes * layout.n_rows + 15) / 16 * 16;
  }
  layout.table_offset = end;
  layout.total_bytes = end + layout.table.size() * sizeof(float);
}

}  // namespace detail

/// Throws kBadShape for classes and shapes that break the contract; `backend` begins the sentence.
inline Layout make_layout(std::string_view backend, const wick_weight_desc& desc) {
  Layout layout;
  layout.n_rows = desc.n_rows;
  layout.n_cols = desc.n_cols;
  if (desc.n_rows == 0 || desc.n_cols == 0 || desc.n_cols > detail::kMaxCols ||
      desc.n_rows > detail::kMaxBytes / 4 / desc.n_cols)
    fail(ErrorCode::kBadShape, backend, ": ", to_view(desc.name), ": a weight of ", desc.n_rows,
         " x ", desc.n_cols, " values cannot be kept");
  layout.is_vector = (desc.use & WICK_USE_VECTOR) != 0;
  if (layout.is_vector) {
    layout.planes[kCodes].row_bytes = desc.n_cols * sizeof(float);
    layout.total_bytes = desc.n_rows * desc.n_cols * sizeof(float);
    return layout;
  }
  layout.n_units = static_cast<std::uint32_t>((desc.n_cols + kUnit - 1) / kUnit);
  if (desc.storage) {
    detail::check_class(*desc.storage, desc, backend);
    detail::set_class(layout, *desc.storage);
    layout.n_groups = detail::n_of(layout.n_units, layout.packing.group);
    layout.n_supers = detail::n_of(layout.n_units, layout.packing.super);
  } else {
    detail::set_plain(layout, desc, backend);
  }
  detail::place_planes(layout);
  return layout;
}

}  // namespace planes
}  // namespace sdk
}  // namespace v1
}  // namespace wick

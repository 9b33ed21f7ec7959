// See layout.h.
#include "layout.h"

#include <wick/error.h>
#include <wick/sdk/guard.h>

namespace wick::vulkan {
namespace {

constexpr std::uint64_t kMaxCols = std::uint64_t{1} << 24;
constexpr std::uint64_t kMaxBytes = std::uint64_t{1} << 36;  // shaders index words by 32 bits

std::uint32_t n_of(std::uint32_t n_units, std::uint32_t length) {
  return static_cast<std::uint32_t>((std::uint64_t{n_units} * kUnit + length - 1) / length);
}

void check_class(const wick_storage_class& s, const wick_weight_desc& desc) {
  const bool ok = s.code_bits >= 1 && s.code_bits <= 8 && s.group_values > 0 &&
                  s.group_values % 8 == 0 && s.super_values > 0 &&
                  s.super_values % s.group_values == 0 && s.scale_type <= WICK_SCALE_E8M0 &&
                  s.super_values <= kMaxCols;
  if (!ok)
    fail(ErrorCode::kBadShape, "vulkan: ", sdk::to_view(desc.name), ": codes of ", s.code_bits,
         " bits in groups of ", s.group_values, " of ", s.super_values,
         " values are no storage class; report this to the format's author");
  if (desc.n_cols % s.super_values != 0)
    fail(ErrorCode::kBadShape, "vulkan: ", sdk::to_view(desc.name), ": a row holds ", desc.n_cols,
         " weights, need a multiple of ", s.super_values);
}

bool fits_a_byte(std::uint32_t bits) {
  return bits <= 8;
}

void set_class(Layout& layout, const wick_storage_class& s) {
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

void set_plain(Layout& layout, const wick_weight_desc& desc) {
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
      fail(ErrorCode::kUnavailable, "vulkan: ", sdk::to_view(desc.name), ": the plain type ",
           desc.plain_type, " is unknown; use another backend");
  }
}

std::uint64_t scale_bytes(std::uint32_t type) {
  return type == WICK_SCALE_F32 ? 4 : type == WICK_SCALE_F16 ? 2 : 1;
}

void place_planes(Layout& layout) {
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

}  // namespace

Layout make_layout(const wick_weight_desc& desc) {
  Layout layout;
  layout.n_rows = desc.n_rows;
  layout.n_cols = desc.n_cols;
  if (desc.n_rows == 0 || desc.n_cols == 0 || desc.n_cols > kMaxCols ||
      desc.n_rows > kMaxBytes / 4 / desc.n_cols)
    fail(ErrorCode::kBadShape, "vulkan: ", sdk::to_view(desc.name), ": a weight of ", desc.n_rows,
         " x ", desc.n_cols, " values cannot be kept");
  layout.is_vector = (desc.use & WICK_USE_VECTOR) != 0;
  if (layout.is_vector) {
    layout.planes[kCodes].row_bytes = desc.n_cols * sizeof(float);
    layout.total_bytes = desc.n_rows * desc.n_cols * sizeof(float);
    return layout;
  }
  layout.n_units = static_cast<std::uint32_t>((desc.n_cols + kUnit - 1) / kUnit);
  if (desc.storage) {
    check_class(*desc.storage, desc);
    set_class(layout, *desc.storage);
    layout.n_groups = n_of(layout.n_units, layout.packing.group);
    layout.n_supers = n_of(layout.n_units, layout.packing.super);
  } else {
    set_plain(layout, desc);
  }
  place_planes(layout);
  return layout;
}

}  // namespace wick::vulkan

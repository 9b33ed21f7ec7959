// Sizes and offsets of the packed layout; which classes fit it, and which fit the integer kernels.
#include "layout.h"

#include <wick/error.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace wick::cpu {
namespace {

constexpr std::uint64_t kMaxElements = std::uint64_t{1} << 40;
constexpr std::uint32_t kMaxSuper = 1u << 16;
constexpr std::int32_t kMaxOffset = 1 << 16;  // of a zero point or the lowest sub scale

std::uint64_t round_up(std::uint64_t n, std::uint64_t to) {
  return (n + to - 1) / to * to;
}

void set_planes(Packed& p, std::uint32_t bits) {
  constexpr std::uint32_t kFirst[9] = {0, 1, 2, 2, 4, 4, 4, 8, 8};
  constexpr std::uint32_t kSecond[9] = {0, 0, 0, 1, 0, 1, 2, 0, 0};
  p.plane_bits = kFirst[bits];
  p.high_bits = kSecond[bits];
  p.unit_bytes = kTileRows * kUnitCols * (p.plane_bits + p.high_bits) / 8;
}

void set_offsets(Packed& p, const wick_storage_class& c) {
  const std::uint32_t chunk_cols = c.super_values < kUnitCols ? kUnitCols : c.super_values;
  p.units_per_chunk = chunk_cols / kUnitCols;
  p.n_scales = chunk_cols / c.super_values;
  p.n_groups = chunk_cols / c.group_values;
  const std::uint32_t scales = p.n_scales * kTileRows * scale_bytes(c.scale_type);
  p.mins_at = scales;
  p.sub_scales_at = p.mins_at + (c.has_min ? scales : 0);
  p.sub_mins_at = p.sub_scales_at + (p.has_sub_scale ? p.n_groups * kTileRows : 0);
  p.codes_at = p.sub_mins_at + (p.has_sub_min && !p.shares_byte ? p.n_groups * kTileRows : 0);
  p.chunk_bytes = p.codes_at + p.units_per_chunk * p.unit_bytes;
}

Packed make_packed(const wick_storage_class& c) {
  Packed p{};
  set_planes(p, c.code_bits);
  p.group_values = c.group_values;
  p.super_values = c.super_values;
  p.halves = c.group_values == 16 ? 2 : 1;
  p.scale_type = c.scale_type;
  p.has_min = c.has_min;
  p.has_sub_scale = c.sub_scale_bits != 0;
  p.has_sub_min = c.has_min != 0 && c.sub_min_bits != 0;
  p.shares_byte = p.has_sub_scale && p.has_sub_min && c.sub_scale_bits <= 4 && c.sub_min_bits <= 4;
  p.sub_scale_low = c.sub_scale_low;
  p.sub_min_low = c.sub_min_low;
  p.zero_point = c.zero_point;
  p.integer_scale = 1.0f;
  set_offsets(p, c);
  return p;
}

/// Sums of n_steps products of 127 with the largest integer stay below 2^15.
std::uint32_t steps_for(int largest) {
  return largest <= 32 ? 8 : largest <= 129 ? 2 : largest <= 258 ? 1 : 0;
}

/// The table over a power of two, if that makes integers of 8 bits.
bool find_integers(Layout& layout, int n_codes) {
  for (int exponent = 0; exponent >= -8; --exponent) {
    const float unit = std::ldexp(1.0f, exponent);
    bool fits = true;
    int largest = 0;
    for (int i = 0; i < n_codes && fits; ++i) {
      const float value = layout.table[static_cast<std::size_t>(i)] / unit;
      fits = std::fabs(value) <= 128.0f && value == std::nearbyint(value);
      if (!fits) break;
      layout.integers[static_cast<std::size_t>(i)] = static_cast<std::int16_t>(value);
      largest = std::max(largest, std::abs(static_cast<int>(value)));
    }
    if (!fits) continue;
    layout.packed.integer_scale = unit;
    layout.packed.n_steps = steps_for(largest);
    return true;
  }
  return false;
}

void set_integers(Layout& layout) {
  const int n_codes = 1 << layout.storage.code_bits;
  if (layout.has_table) {
    layout.is_integer = find_integers(layout, n_codes);
    return;
  }
  const std::int64_t zero = layout.storage.zero_point;
  const std::int64_t largest = std::max(std::llabs(zero), std::llabs(n_codes - 1 - zero));
  layout.packed.n_steps = steps_for(static_cast<int>(std::min<std::int64_t>(largest, 1000)));
  layout.is_integer = layout.packed.n_steps != 0;
}

void set_class(Layout& layout, const wick_storage_class& storage) {
  check_class(storage);
  layout.has_class = true;
  layout.storage = storage;
  layout.storage.table = nullptr;
  layout.has_table = storage.table != nullptr;
  if (storage.table) {
    for (std::size_t i = 0; i < (std::size_t{1} << storage.code_bits); ++i)
      layout.table[i] = storage.table[i];
  }
  if (layout.n_cols % storage.super_values != 0)
    fail(ErrorCode::kBadShape, "weight: a row holds ", layout.n_cols,
         " values, need a multiple of ", storage.super_values);
}

void set_sizes(Layout& layout) {
  layout.n_tiles = (layout.n_rows + kTileRows - 1) / kTileRows;
  layout.padded_cols = round_up(layout.n_cols, kUnitCols);
  const std::uint64_t element = layout.element == Element::kF32 ? 4 : 2;
  layout.tile_bytes = layout.element == Element::kPacked
                          ? layout.padded_cols / kUnitCols / layout.packed.units_per_chunk *
                                layout.packed.chunk_bytes
                          : layout.padded_cols * kTileRows * element;
  layout.total_bytes = layout.element == Element::kVector ? layout.n_rows * layout.n_cols * 4
                                                          : layout.n_tiles * layout.tile_bytes;
}

Element plain_element(std::uint32_t type) {
  switch (type) {
    case WICK_TYPE_F32:
      return Element::kF32;
    case WICK_TYPE_F16:
      return Element::kF16;
    case WICK_TYPE_BF16:
      return Element::kBf16;
    default:
      fail(ErrorCode::kUnavailable, "cpu: plain weights of type ", type, " are unknown");
  }
}

}  // namespace

std::uint32_t scale_bytes(std::uint32_t type) noexcept {
  return type == WICK_SCALE_F32 ? 4 : type == WICK_SCALE_F16 ? 2 : 1;
}

Packed Layout::kernel_view() const noexcept {
  Packed view = packed;
  view.table = has_table ? table.data() : nullptr;
  view.integers = has_table ? integers.data() : nullptr;
  return view;
}

bool is_packable(const wick_storage_class& c) noexcept {
  const bool groups_fit = c.group_values == 16 || c.group_values % kUnitCols == 0;
  const bool supers_fit = c.super_values == 16 || c.super_values % kUnitCols == 0;
  return groups_fit && supers_fit && c.sub_scale_bits <= 8 && c.sub_min_bits <= 8;
}

void check_class(const wick_storage_class& c) {
  const bool shape_fits = c.group_values != 0 && c.group_values % 8 == 0 &&
                          c.super_values <= kMaxSuper && c.super_values != 0 &&
                          c.super_values % c.group_values == 0;
  const bool offsets_fit = std::abs(std::int64_t{c.zero_point}) <= kMaxOffset &&
                           std::abs(std::int64_t{c.sub_scale_low}) <= kMaxOffset &&
                           std::abs(std::int64_t{c.sub_min_low}) <= kMaxOffset;
  if (!offsets_fit || c.code_bits < 1 || c.code_bits > 8 || !shape_fits ||
      c.scale_type > WICK_SCALE_E8M0 || c.sub_scale_bits > 16 || c.sub_min_bits > 16)
    fail(ErrorCode::kBadArgument, "cpu: a storage class of ", c.code_bits, " bits in groups of ",
         c.group_values, " and ", c.super_values, " breaks the contract; see wick/abi/storage.h");
}

Layout make_layout(const wick_weight_desc& desc) {
  Layout layout;
  layout.n_rows = desc.n_rows;
  layout.n_cols = desc.n_cols;
  if (desc.n_rows == 0 || desc.n_cols == 0 || desc.n_rows > kMaxElements / desc.n_cols)
    fail(ErrorCode::kBadShape, "weight: [", desc.n_rows, ", ", desc.n_cols,
         "] is empty or beyond 2^40 values");
  if (desc.storage) {
    set_class(layout, *desc.storage);
    if (is_packable(*desc.storage)) {
      layout.element = Element::kPacked;
      layout.packed = make_packed(*desc.storage);
      set_integers(layout);
    }
  } else {
    layout.element = plain_element(desc.plain_type);
    layout.plain_type = desc.plain_type;
  }
  if (desc.use & WICK_USE_VECTOR) {
    if (desc.use != WICK_USE_VECTOR)
      fail(ErrorCode::kBadArgument, "weight: used as a vector and as a matrix at once");
    layout.element = Element::kVector;
  }
  set_sizes(layout);
  return layout;
}

}  // namespace wick::cpu

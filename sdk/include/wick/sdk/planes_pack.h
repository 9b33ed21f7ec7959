// Puts unpacked tiles into the planes of a layout (planes.h), four codes at a time, as bytes of a
// word. Not for where the memory is.
#pragma once

#include <wick/sdk/half.h>
#include <wick/sdk/planes.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <cstring>

namespace wick {
inline namespace v1 {
namespace sdk {
namespace planes {

/// Some rows of a weight in host memory: every plane's first of these rows. The memory is zero
/// before anything is put, for the columns behind the last.
using RowPlanes = std::array<std::uint8_t*, kPlanes>;

namespace detail {

inline std::uint32_t load_word(const std::uint8_t* from) {
  std::uint32_t word = 0;
  std::memcpy(&word, from, sizeof word);
  return word;
}

inline void or_word(std::uint8_t* to, std::uint64_t index, std::uint32_t bits) {
  std::uint32_t word = 0;
  std::memcpy(&word, to + index * 4, sizeof word);
  word |= bits;
  std::memcpy(to + index * 4, &word, sizeof word);
}

/// Quads of a row, the first being quad `first` of the row.
inline void pack_codes(const Packing& p, const std::uint8_t* codes, std::uint64_t first,
                       std::uint64_t n_quads, const RowPlanes& row) {
  if (p.bits == 8) {
    std::memcpy(row[kCodes] + first * 4, codes, n_quads * 4);
    return;
  }
  const std::uint32_t low = p.bits >= 4 ? 4 : 0;     // bits of the first plane
  const std::uint32_t middle = low + (p.bits & 2u);  // and of the first two
  for (std::uint64_t i = 0; i < n_quads; ++i) {
    const std::uint64_t quad = first + i, q = quad % 8, unit = quad / 8;
    const std::uint32_t four = load_word(codes + i * 4);
    const auto at = static_cast<std::uint32_t>(q);
    if (low) or_word(row[kCodes], unit * 4 + q / 2, (four & 0x0f0f0f0fu) << (4 * (at & 1u)));
    if (p.bits & 2u)
      or_word(row[kCodes2], unit * 2 + q / 4, ((four >> low) & 0x03030303u) << (2 * (at & 3u)));
    if (p.bits & 1u) or_word(row[kCodes1], unit, ((four >> middle) & 0x01010101u) << at);
  }
}

inline void put_scale(std::uint32_t type, float value, std::uint8_t* to, std::uint64_t index) {
  if (type == WICK_SCALE_F32) {
    std::memcpy(to + index * 4, &value, sizeof value);
  } else if (type == WICK_SCALE_F16) {
    const std::uint16_t half = f32_to_f16(value);
    std::memcpy(to + index * 2, &half, sizeof half);
  } else {
    to[index] = f32_to_e8m0(value);
  }
}

/// One row of a tile.
struct TileRow {
  const std::uint8_t* codes;
  const float *scales, *mins;
  const std::int16_t *sub_scales, *sub_mins;
};

inline void pack_scales(const Layout& layout, const TileRow& row, std::uint64_t first_col,
                        std::uint64_t n_cols, std::uint64_t supers_a_group, const RowPlanes& to) {
  const Packing& p = layout.packing;
  const std::uint64_t first = first_col / p.super, n = n_cols / p.super;
  const std::uint64_t side = 1 + p.has_min;
  for (std::uint64_t i = 0; i < n; ++i) {
    // Flattened: i counts groups, and both levels become one, in the order that defines the value.
    const std::uint64_t super = layout.is_flattened ? i / supers_a_group : i;
    float scale = row.scales[super];
    float min = p.has_min ? row.mins[super] : 0.0f;
    if (layout.is_flattened) {
      if (row.sub_scales) scale *= static_cast<float>(row.sub_scales[i]);
      if (row.sub_mins) min *= static_cast<float>(row.sub_mins[i]);
    }
    put_scale(p.scale_type, scale, to[kScales], (first + i) * side);
    if (p.has_min) put_scale(p.scale_type, min, to[kScales], (first + i) * side + 1);
  }
}

inline void pack_subs(const Packing& p, const TileRow& row, std::uint64_t first_col,
                      std::uint64_t n_cols, const RowPlanes& to) {
  const std::uint64_t side = p.sub_scale + p.sub_min;
  const std::uint64_t first = first_col / p.group, n = n_cols / p.group;
  for (std::uint64_t i = 0; i < n; ++i) {
    std::uint8_t* at = to[kSubs] + (first + i) * side;
    if (p.sub_scale) *at++ = static_cast<std::uint8_t>(row.sub_scales[i] - p.sub_scale_low);
    if (p.sub_min) *at = static_cast<std::uint8_t>(row.sub_mins[i] - p.sub_min_low);
  }
}

inline float plain_value(std::uint32_t type, const std::uint8_t* from, std::uint64_t i) {
  if (type == WICK_TYPE_F32) {
    float value = 0;
    std::memcpy(&value, from + i * 4, sizeof value);
    return value;
  }
  std::uint16_t half = 0;
  std::memcpy(&half, from + i * 2, sizeof half);
  return type == WICK_TYPE_F16 ? f16_to_f32(half) : bf16_to_f32(half);
}

inline float largest(const float* values, std::uint64_t n) {
  float most = 0;
  for (std::uint64_t i = 0; i < n; ++i) most = std::max(most, std::fabs(values[i]));
  return most;
}

inline float largest(const std::int16_t* values, std::uint64_t n) {
  int most = 0;
  for (std::uint64_t i = 0; i < n; ++i) most = std::max(most, std::abs(int{values[i]}));
  return static_cast<float>(most);
}

/// A bound of the magnitude of a row's values: by scales and mins, not code by code.
inline float peak_of(const Packing& p, const TileRow& row, float code, std::uint64_t n_supers,
                     std::uint64_t n_groups) {
  float peak = code * largest(row.scales, n_supers);
  if (row.sub_scales) peak *= largest(row.sub_scales, n_groups);
  if (!p.has_min) return peak;
  const float min = largest(row.mins, n_supers);
  return peak + (row.sub_mins ? min * largest(row.sub_mins, n_groups) : min);
}

inline void raise_peak(std::uint8_t* at, float peak) {
  float before = 0;
  std::memcpy(&before, at, sizeof before);
  peak = std::max(before, peak);
  std::memcpy(at, &peak, sizeof peak);
}

inline float largest_code(const Layout& layout) {
  const Packing& p = layout.packing;
  if (p.kind == Kind::kTable) return largest(layout.table.data(), layout.table.size());
  return static_cast<float>(std::max(p.zero_point, (1 << p.bits) - 1 - p.zero_point));
}

}  // namespace detail

/// Rows 0 .. tile.n_rows of `to` get columns first_col .. first_col + tile.n_cols.
inline void pack_tile(const Layout& layout, const wick_unpacked& tile, std::uint64_t first_col,
                      const RowPlanes& to) {
  const Packing& p = layout.packing;
  const std::uint64_t n_groups = tile.n_cols / p.group;
  // Super groups of the tile: of the class, which a flattened layout has no longer.
  const std::uint64_t supers_a_group = layout.is_flattened ? layout.groups_a_super : 1;
  const std::uint64_t n_supers =
      layout.is_flattened ? n_groups / supers_a_group : tile.n_cols / p.super;
  const float code = detail::largest_code(layout);
  RowPlanes at = to;
  for (std::uint64_t r = 0; r < tile.n_rows; ++r) {
    const detail::TileRow row{tile.codes + r * tile.n_cols, tile.scales + r * n_supers,
                              tile.mins ? tile.mins + r * n_supers : nullptr,
                              tile.sub_scales ? tile.sub_scales + r * n_groups : nullptr,
                              tile.sub_mins ? tile.sub_mins + r * n_groups : nullptr};
    detail::pack_codes(p, row.codes, first_col / 4, tile.n_cols / 4, at);
    detail::pack_scales(layout, row, first_col, tile.n_cols, supers_a_group, at);
    detail::raise_peak(at[kPeaks], detail::peak_of(p, row, code, n_supers, n_groups));
    if (p.sub_scale || p.sub_min) detail::pack_subs(p, row, first_col, tile.n_cols, at);
    for (std::size_t plane = 0; plane < kPlanes; ++plane)
      at[plane] += layout.planes[plane].row_bytes;
  }
}

/// Whole rows of the weight's plain type, contiguous. A vector's come as `plain_type`, and become
/// f32.
inline void pack_plain(const Layout& layout, std::uint32_t plain_type, const void* rows,
                       std::uint64_t n_rows, const RowPlanes& to) {
  const std::uint64_t value_bytes = plain_type == WICK_TYPE_F32 ? 4 : 2;
  const auto* from = static_cast<const std::uint8_t*>(rows);
  std::uint8_t* at = to[kCodes];
  for (std::uint64_t r = 0; r < n_rows; ++r) {
    if (layout.is_vector) {
      for (std::uint64_t i = 0; i < layout.n_cols; ++i) {
        const float value = detail::plain_value(plain_type, from, i);
        std::memcpy(at + i * sizeof value, &value, sizeof value);
      }
    } else {
      std::memcpy(at, from, layout.n_cols * value_bytes);
      float peak = 0;
      for (std::uint64_t i = 0; i < layout.n_cols; ++i)
        peak = std::max(peak, std::fabs(detail::plain_value(plain_type, from, i)));
      detail::raise_peak(to[kPeaks] + r * sizeof peak, peak);
    }
    from += layout.n_cols * value_bytes;
    at += layout.planes[kCodes].row_bytes;
  }
}

}  // namespace planes
}  // namespace sdk
}  // namespace v1
}  // namespace wick

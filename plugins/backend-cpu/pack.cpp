// Whole chunks of 16 rows go through loops over 4-column words; chunks that arrive in parts
// (classes with supers of 16 values) are set code by code.
#include "pack.h"

#include <wick/sdk/half.h>

#include <cstring>

#include "pack_codes.h"

namespace wick::cpu {
namespace {

/// Where a part of a weight goes: columns `col` .. of a chunk, for `n_rows` rows that start at
/// `row` of `tile`.
struct Part {
  const Layout& layout;
  const wick_unpacked& tile;
  std::uint64_t row;
  std::uint32_t n_rows;

  const std::uint8_t* codes(std::uint32_t r, std::uint64_t col) const noexcept {
    return tile.codes + (row + r) * tile.n_cols + col;
  }
};

/// 16 scales, one a row, to the type that holds them without loss; those of the first n_rows rows.
void write_scales(std::uint8_t* to, std::uint32_t type, const float* scales,
                  std::uint32_t n_rows) noexcept {
  if (type == WICK_SCALE_E8M0) {
    for (std::uint32_t r = 0; r < n_rows; ++r) to[r] = sdk::f32_to_e8m0(scales[r]);
  } else if (type == WICK_SCALE_F16) {
    std::uint16_t halves[kTileRows];  // all of them: a loop of known length becomes vectors
    for (std::uint32_t r = 0; r < kTileRows; ++r) halves[r] = sdk::f32_to_f16(scales[r]);
    std::memcpy(to, halves, sizeof halves);
  } else {
    std::memcpy(to, scales, kTileRows * sizeof(float));
  }
}

/// First-level scales, or mins, of the tile's columns col .. col + n_cols. `to`: where those of the
/// first super go.
void pack_scales(const Part& part, const float* scales, std::uint64_t col, std::uint32_t n_cols,
                 std::uint8_t* to) noexcept {
  const Packed& p = part.layout.packed;
  const std::uint64_t n_supers = part.tile.n_cols / p.super_values;
  const float* from = scales + part.row * n_supers + col / p.super_values;
  float rows[kTileRows] = {};  // rows that are not there have zeros
  for (std::uint32_t i = 0; i < n_cols / p.super_values; ++i) {
    for (std::uint32_t r = 0; r < part.n_rows; ++r) rows[r] = from[r * n_supers + i];
    write_scales(to + i * kTileRows * scale_bytes(p.scale_type), p.scale_type, rows, part.n_rows);
  }
}

/// Adds the sub scales, or sub mins, of group i, counted from `low`, to a byte a row.
void add_subs(const Part& part, const std::int16_t* subs, std::uint64_t group, int low,
              unsigned shift, std::uint8_t* bytes) noexcept {
  const std::uint64_t n_groups = part.tile.n_cols / part.layout.packed.group_values;
  const std::int16_t* from = subs + part.row * n_groups + group;
  for (std::uint32_t r = 0; r < part.n_rows; ++r)
    bytes[r] = static_cast<std::uint8_t>(bytes[r] | (from[r * n_groups] - low) << shift);
}

void pack_subs(const Part& part, std::uint64_t col, std::uint32_t n_cols, std::uint32_t to,
               std::uint8_t* chunk) noexcept {
  const Packed& p = part.layout.packed;
  for (std::uint32_t i = 0; i < n_cols / p.group_values; ++i) {
    const std::uint64_t group = col / p.group_values + i;
    const std::uint32_t at = (to / p.group_values + i) * kTileRows;
    std::uint8_t scales[kTileRows] = {}, mins[kTileRows] = {};
    if (p.has_sub_scale) add_subs(part, part.tile.sub_scales, group, p.sub_scale_low, 0, scales);
    if (p.has_sub_min)
      add_subs(part, part.tile.sub_mins, group, p.sub_min_low, p.shares_byte ? 4 : 0,
               p.shares_byte ? scales : mins);
    if (p.has_sub_scale) std::memcpy(chunk + p.sub_scales_at + at, scales, kTileRows);
    if (p.has_sub_min && !p.shares_byte) std::memcpy(chunk + p.sub_mins_at + at, mins, kTileRows);
  }
}

void pack_units(const Part& part, std::uint64_t col, std::uint8_t* chunk) noexcept {
  const Packed& p = part.layout.packed;
  for (std::uint32_t u = 0; u < p.units_per_chunk; ++u) {
    pack_unit(p, part.codes(0, col + u * kUnitCols), part.tile.n_cols, part.n_rows,
              chunk + p.codes_at + u * p.unit_bytes);
  }
}

void set_bits(std::uint8_t* plane, unsigned bits, unsigned row, unsigned col,
              unsigned code) noexcept {
  if (bits == 0) return;
  const unsigned vector = col / 4, per_byte = 8 / bits, mask = (1u << bits) - 1;
  const unsigned shift = vector % per_byte * bits;
  std::uint8_t& byte = plane[vector / per_byte * 64 + row * 4 + col % 4];
  byte = static_cast<std::uint8_t>((byte & ~(mask << shift)) | (code & mask) << shift);
}

/// Less than a unit: columns col .. col + n_cols of the tile to columns `to` .. of the chunk's only
/// unit.
void pack_codes_singly(const Part& part, std::uint64_t col, std::uint32_t n_cols, std::uint32_t to,
                       std::uint8_t* chunk) noexcept {
  const Packed& p = part.layout.packed;
  std::uint8_t* unit = chunk + p.codes_at;
  for (std::uint32_t r = 0; r < part.n_rows; ++r) {
    for (std::uint32_t c = 0; c < n_cols; ++c) {
      const unsigned code = part.codes(r, col)[c];
      set_bits(unit, p.plane_bits, r, to + c, code);
      set_bits(unit + 64 * p.plane_bits, p.high_bits, r, to + c, code >> p.plane_bits);
    }
  }
}

void pack_tile(const Part& part, std::uint64_t first_col, std::uint8_t* to) noexcept {
  const Packed& p = part.layout.packed;
  const std::uint32_t chunk_cols = p.units_per_chunk * kUnitCols;
  for (std::uint64_t col = 0; col < part.tile.n_cols;) {
    const std::uint32_t at = static_cast<std::uint32_t>((first_col + col) % chunk_cols);
    const std::uint64_t left = part.tile.n_cols - col;
    const std::uint32_t n =
        static_cast<std::uint32_t>(left < chunk_cols - at ? left : chunk_cols - at);
    std::uint8_t* chunk = to + (first_col + col) / chunk_cols * p.chunk_bytes;
    const std::uint32_t scale_at = at / p.super_values * kTileRows * scale_bytes(p.scale_type);
    pack_scales(part, part.tile.scales, col, n, chunk + scale_at);
    if (p.has_min) pack_scales(part, part.tile.mins, col, n, chunk + p.mins_at + scale_at);
    pack_subs(part, col, n, at, chunk);
    if (n == chunk_cols)
      pack_units(part, col, chunk);
    else
      pack_codes_singly(part, col, n, at, chunk);
    col += n;
  }
}

void interleave_words(const Layout& layout, std::uint8_t* to, const std::uint8_t* rows,
                      std::uint32_t n_rows) noexcept {
  for (std::uint32_t r = 0; r < n_rows; ++r) {
    const std::uint8_t* from = rows + r * layout.n_cols * 4;
    for (std::uint64_t c = 0; c < layout.n_cols; ++c)
      std::memcpy(to + (c * kTileRows + r) * 4, from + c * 4, 4);
  }
}

void interleave_halves(const Layout& layout, std::uint8_t* to, const std::uint8_t* rows,
                       std::uint32_t n_rows) noexcept {
  for (std::uint32_t r = 0; r < n_rows; ++r) {
    const std::uint8_t* from = rows + r * layout.n_cols * 2;
    std::uint64_t c = 0;
    for (; c + 2 <= layout.n_cols; c += 2)
      std::memcpy(to + (c / 2 * kTileRows + r) * 4, from + c * 2, 4);
    if (c < layout.n_cols) std::memcpy(to + (c / 2 * kTileRows + r) * 4, from + c * 2, 2);
  }
}

std::uint32_t rows_left(std::uint64_t n_rows, std::uint64_t done) noexcept {
  const std::uint64_t left = n_rows - done;
  return left < kTileRows ? static_cast<std::uint32_t>(left) : kTileRows;
}

}  // namespace

void pack_rows(const Layout& layout, std::uint8_t* weight, std::uint64_t first_row,
               std::uint64_t first_col, const wick_unpacked& tile) noexcept {
  for (std::uint64_t row = 0; row < tile.n_rows; row += kTileRows) {
    const Part part{layout, tile, row, rows_left(tile.n_rows, row)};
    pack_tile(part, first_col, weight + (first_row + row) / kTileRows * layout.tile_bytes);
  }
}

void pack_plain_rows(const Layout& layout, std::uint8_t* weight, std::uint64_t first_row,
                     std::uint64_t n_rows, const void* rows) noexcept {
  const bool words = layout.element == Element::kF32;
  const std::uint64_t row_bytes = layout.n_cols * (words ? 4 : 2);
  for (std::uint64_t row = 0; row < n_rows; row += kTileRows) {
    const auto* from = static_cast<const std::uint8_t*>(rows) + row * row_bytes;
    std::uint8_t* to = weight + (first_row + row) / kTileRows * layout.tile_bytes;
    (words ? interleave_words : interleave_halves)(layout, to, from, rows_left(n_rows, row));
  }
}

}  // namespace wick::cpu

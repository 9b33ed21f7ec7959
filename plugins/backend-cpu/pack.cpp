// Whole chunks of 16 rows go through loops over 4-column words; chunks that arrive in parts
// (classes with supers of 16 values) are set code by code.
#include "pack.h"

#include <wick/sdk/half.h>

#include <cstring>

namespace wick::cpu {
namespace {

using Unit = std::uint8_t[8][64];  // the 8 basic vectors of 16 rows x 32 columns

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

void write_scale(std::uint8_t* at, std::uint32_t type, std::uint32_t index, float value) noexcept {
  if (type == WICK_SCALE_E8M0) {
    at[index] = sdk::f32_to_e8m0(value);
  } else if (type == WICK_SCALE_F16) {
    const std::uint16_t half = sdk::f32_to_f16(value);
    std::memcpy(at + index * 2, &half, 2);
  } else {
    std::memcpy(at + index * 4, &value, 4);
  }
}

/// Scales of the tile's columns col .. col + n_cols, which land at column `to` of the chunk.
void pack_scales(const Part& part, std::uint64_t col, std::uint32_t n_cols, std::uint32_t to,
                 std::uint8_t* chunk) noexcept {
  const Packed& p = part.layout.packed;
  const std::uint64_t n_supers = part.tile.n_cols / p.super_values;
  for (std::uint32_t r = 0; r < part.n_rows; ++r) {
    for (std::uint32_t c = 0; c < n_cols; c += p.super_values) {
      const std::uint64_t from = (part.row + r) * n_supers + (col + c) / p.super_values;
      const std::uint32_t index = (to + c) / p.super_values * kTileRows + r;
      write_scale(chunk, p.scale_type, index, part.tile.scales[from]);
      if (p.has_min) write_scale(chunk + p.mins_at, p.scale_type, index, part.tile.mins[from]);
    }
  }
}

void pack_sub_scales(const Part& part, std::uint64_t col, std::uint32_t n_cols, std::uint32_t to,
                     std::uint8_t* chunk) noexcept {
  const Packed& p = part.layout.packed;
  const std::uint64_t n_groups = part.tile.n_cols / p.group_values;
  for (std::uint32_t r = 0; r < part.n_rows; ++r) {
    for (std::uint32_t c = 0; c < n_cols; c += p.group_values) {
      const std::uint64_t from = (part.row + r) * n_groups + (col + c) / p.group_values;
      const std::uint32_t index = (to + c) / p.group_values * kTileRows + r;
      const int scale = p.has_sub_scale ? part.tile.sub_scales[from] - p.sub_scale_low : 0;
      const int min = p.has_sub_min ? part.tile.sub_mins[from] - p.sub_min_low : 0;
      if (p.has_sub_scale)
        chunk[p.sub_scales_at + index] =
            static_cast<std::uint8_t>(p.shares_byte ? (scale & 15) | min << 4 : scale);
      if (p.has_sub_min && !p.shares_byte)
        chunk[p.sub_mins_at + index] = static_cast<std::uint8_t>(min);
    }
  }
}

void load_unit(const Part& part, std::uint64_t col, Unit& unit) noexcept {
  for (std::uint32_t r = 0; r < kTileRows; ++r) {
    if (r >= part.n_rows) {
      for (std::uint32_t v = 0; v < 8; ++v) std::memset(unit[v] + r * 4, 0, 4);
      continue;
    }
    const std::uint8_t* from = part.codes(r, col);
    for (std::uint32_t v = 0; v < 8; ++v) std::memcpy(unit[v] + r * 4, from + v * 4, 4);
  }
}

template <unsigned kBits>
void pack_plane(const Unit& unit, unsigned shift, std::uint8_t* plane) noexcept {
  constexpr unsigned kPerByte = 8 / kBits, kMask = (1u << kBits) - 1;
  for (unsigned m = 0; m < kBits; ++m) {
    for (unsigned i = 0; i < 64; ++i) {
      unsigned byte = 0;
      for (unsigned k = 0; k < kPerByte; ++k)
        byte |= ((static_cast<unsigned>(unit[m * kPerByte + k][i]) >> shift) & kMask)
                << (k * kBits);
      plane[m * 64 + i] = static_cast<std::uint8_t>(byte);
    }
  }
}

void pack_bits(const Unit& unit, unsigned bits, unsigned shift, std::uint8_t* plane) noexcept {
  switch (bits) {
    case 1:
      return pack_plane<1>(unit, shift, plane);
    case 2:
      return pack_plane<2>(unit, shift, plane);
    case 4:
      return pack_plane<4>(unit, shift, plane);
    case 8:
      return pack_plane<8>(unit, shift, plane);
    default:
      return;
  }
}

void pack_units(const Part& part, std::uint64_t col, std::uint8_t* chunk) noexcept {
  const Packed& p = part.layout.packed;
  for (std::uint32_t u = 0; u < p.units_per_chunk; ++u) {
    std::uint8_t* to = chunk + p.codes_at + u * p.unit_bytes;
    Unit unit;
    load_unit(part, col + u * kUnitCols, unit);
    pack_bits(unit, p.plane_bits, 0, to);
    pack_bits(unit, p.high_bits, p.plane_bits, to + 64 * p.plane_bits);
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
    pack_scales(part, col, n, at, chunk);
    if (p.has_sub_scale || p.has_sub_min) pack_sub_scales(part, col, n, at, chunk);
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

// The formula, once for the contract's split tiles and once for packed ones.
#include "decode.h"

#include <wick/sdk/half.h>

#include <cstring>

namespace wick::cpu {
namespace {

/// (scale * sub) * c - (min * sub_min), in this order, in f32.
struct Group {
  float scale = 0, min = 0;
  bool has_min = false;
  float value(float c) const noexcept { return has_min ? scale * c - min : scale * c; }
};

float code_value(const Layout& layout, std::uint32_t code) noexcept {
  if (layout.has_table) return layout.table[code];
  return static_cast<float>(static_cast<std::int64_t>(code) - layout.storage.zero_point);
}

float read_scale(const std::uint8_t* at, std::uint32_t type, std::uint32_t index) noexcept {
  if (type == WICK_SCALE_E8M0) return sdk::e8m0_to_f32(at[index]);
  if (type == WICK_SCALE_F16) {
    std::uint16_t half;
    std::memcpy(&half, at + index * 2, 2);
    return sdk::f16_to_f32(half);
  }
  float value;
  std::memcpy(&value, at + index * 4, 4);
  return value;
}

Group read_group(const Packed& p, const std::uint8_t* chunk, std::uint32_t row,
                 std::uint32_t col) noexcept {
  const std::uint32_t first = col / p.super_values * kTileRows + row;
  const std::uint32_t second = col / p.group_values * kTileRows + row;
  Group group;
  group.has_min = p.has_min != 0;
  group.scale = read_scale(chunk, p.scale_type, first);
  if (p.has_min) group.min = read_scale(chunk + p.mins_at, p.scale_type, first);
  if (p.has_sub_scale) {
    const int byte = chunk[p.sub_scales_at + second];
    group.scale *= static_cast<float>((p.shares_byte ? byte & 15 : byte) + p.sub_scale_low);
  }
  if (p.has_sub_min) {
    const int byte =
        p.shares_byte ? chunk[p.sub_scales_at + second] >> 4 : chunk[p.sub_mins_at + second];
    group.min *= static_cast<float>(byte + p.sub_min_low);
  }
  return group;
}

std::uint32_t plane_code(const std::uint8_t* plane, std::uint32_t bits, std::uint32_t row,
                         std::uint32_t col) noexcept {
  const std::uint32_t vector = col / 4, per_byte = 8 / bits;
  const std::uint32_t byte = plane[vector / per_byte * 64 + row * 4 + col % 4];
  return (byte >> (vector % per_byte * bits)) & ((1u << bits) - 1);
}

std::uint32_t read_code(const Packed& p, const std::uint8_t* unit, std::uint32_t row,
                        std::uint32_t col) noexcept {
  const std::uint32_t low = plane_code(unit, p.plane_bits, row, col);
  if (!p.high_bits) return low;
  return low | plane_code(unit + 64 * p.plane_bits, p.high_bits, row, col) << p.plane_bits;
}

void decode_packed_row(const Layout& layout, const std::uint8_t* tile, std::uint32_t row,
                       float* out) noexcept {
  const Packed& p = layout.packed;
  const std::uint64_t chunk_cols = std::uint64_t{p.units_per_chunk} * kUnitCols;
  for (std::uint64_t first = 0; first < layout.n_cols; first += chunk_cols) {
    const std::uint8_t* chunk = tile + first / chunk_cols * p.chunk_bytes;
    Group group;
    for (std::uint32_t col = 0; col < chunk_cols && first + col < layout.n_cols; ++col) {
      if (col % p.group_values == 0) group = read_group(p, chunk, row, col);
      const std::uint8_t* unit = chunk + p.codes_at + col / kUnitCols * p.unit_bytes;
      out[first + col] = group.value(code_value(layout, read_code(p, unit, row, col % kUnitCols)));
    }
  }
}

}  // namespace

void decode_unpacked_row(const Layout& layout, const wick_unpacked& tile, std::uint64_t row,
                         float* out) noexcept {
  const wick_storage_class& c = layout.storage;
  const std::uint64_t n_supers = tile.n_cols / c.super_values;
  const std::uint64_t n_groups = tile.n_cols / c.group_values;
  for (std::uint64_t g = 0; g < n_groups; ++g) {
    const std::uint64_t super = row * n_supers + g * c.group_values / c.super_values;
    Group group;
    group.has_min = c.has_min != 0;
    group.scale = tile.scales[super];
    if (c.has_min) group.min = tile.mins[super];
    if (c.sub_scale_bits) group.scale *= static_cast<float>(tile.sub_scales[row * n_groups + g]);
    if (c.has_min && c.sub_min_bits)
      group.min *= static_cast<float>(tile.sub_mins[row * n_groups + g]);
    for (std::uint64_t i = g * c.group_values; i < (g + 1) * c.group_values; ++i)
      out[i] = group.value(code_value(layout, tile.codes[row * tile.n_cols + i]));
  }
}

void decode_tile_row(const Layout& layout, const std::uint8_t* tile, std::uint32_t row,
                     float* out) noexcept {
  if (layout.element == Element::kPacked) return decode_packed_row(layout, tile, row, out);
  if (layout.element == Element::kF32) {
    for (std::uint64_t c = 0; c < layout.n_cols; ++c)
      std::memcpy(out + c, tile + (c * kTileRows + row) * 4, 4);
    return;
  }
  for (std::uint64_t c = 0; c < layout.n_cols; ++c) {
    std::uint16_t half;
    std::memcpy(&half, tile + ((c / 2 * kTileRows + row) * 2 + c % 2) * 2, 2);
    out[c] = layout.element == Element::kF16 ? sdk::f16_to_f32(half) : sdk::bf16_to_f32(half);
  }
}

}  // namespace wick::cpu

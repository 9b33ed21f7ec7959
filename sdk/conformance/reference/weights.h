// The values of a weight: a tile of codes and scales by the formula of wick/abi/storage.h, and the
// plain types.
#pragma once

#include "conformance/reference/matrix.h"

#include <wick/abi/storage.h>
#include <wick/error.h>
#include <wick/sdk/half.h>

#include <cstdint>
#include <cstring>

namespace wick::reference {

/// value(row, col) = scaled - offset, scaled = scale * c; each rounded to f32 as the contract says.
struct Terms {
  float scale = 0, scaled = 0, offset = 0;
  float value() const { return scaled - offset; }
};

inline Terms terms_of(const wick_storage_class& storage, const wick_unpacked& tile,
                      std::uint64_t row, std::uint64_t col) {
  const std::uint64_t super =
      row * (tile.n_cols / storage.super_values) + col / storage.super_values;
  const std::uint64_t group =
      row * (tile.n_cols / storage.group_values) + col / storage.group_values;
  const std::uint8_t code = tile.codes[row * tile.n_cols + col];
  const float c = storage.table ? storage.table[code]
                                : static_cast<float>(static_cast<int>(code) - storage.zero_point);
  const float sub_scale = tile.sub_scales ? static_cast<float>(tile.sub_scales[group]) : 1.0f;
  const float sub_min = tile.sub_mins ? static_cast<float>(tile.sub_mins[group]) : 1.0f;
  Terms terms;
  terms.scale = tile.scales[super] * sub_scale;
  terms.scaled = terms.scale * c;
  terms.offset = storage.has_min ? tile.mins[super] * sub_min : 0.0f;
  return terms;
}

/// A tile of rows by columns, as values.
inline Matrix decode(const wick_storage_class& storage, const wick_unpacked& tile) {
  Matrix values(tile.n_rows, tile.n_cols);
  for (std::uint64_t row = 0; row < tile.n_rows; ++row)
    for (std::uint64_t col = 0; col < tile.n_cols; ++col)
      values.row(row)[col] = static_cast<double>(terms_of(storage, tile, row, col).value());
  return values;
}

/// Rows of a plain type: WICK_TYPE_F32, WICK_TYPE_F16 or WICK_TYPE_BF16.
inline Matrix decode_plain(std::uint32_t type, const void* rows, std::uint64_t n_rows,
                           std::uint64_t n_cols) {
  Matrix values(n_rows, n_cols);
  const char* bytes = static_cast<const char*>(rows);
  for (std::uint64_t i = 0; i < n_rows * n_cols; ++i) {
    float f32 = 0;
    std::uint16_t bits = 0;
    if (type == WICK_TYPE_F32)
      std::memcpy(&f32, bytes + i * 4, 4);
    else
      std::memcpy(&bits, bytes + i * 2, 2);
    if (type == WICK_TYPE_F16) f32 = sdk::f16_to_f32(bits);
    if (type == WICK_TYPE_BF16) f32 = sdk::bf16_to_f32(bits);
    values.values[i] = static_cast<double>(f32);
  }
  return values;
}

/// Bytes of one value of a plain type.
inline std::uint64_t plain_bytes(std::uint32_t type) {
  if (type == WICK_TYPE_F32) return 4;
  if (type == WICK_TYPE_F16 || type == WICK_TYPE_BF16) return 2;
  fail(ErrorCode::kUnavailable, "reference: plain type ", type, " is unknown, need 0, 1 or 30");
}

}  // namespace wick::reference

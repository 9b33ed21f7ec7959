// Products with packed weights: a unit of 16 rows x 32 columns at a time, for several tokens.
// Included by one file per instruction set; the sums over columns have the same order in all of
// them.
#pragma once

#include "portable/kernels.h"
#include "portable/math.h"

namespace wick::cpu {
namespace {

using Codes = uint8_t[8][64];

template <unsigned kBits>
void add_plane(const uint8_t* plane, unsigned shift, Codes& codes) {
  constexpr unsigned kPerByte = 8 / kBits, kMask = (1u << kBits) - 1;
  for (unsigned v = 0; v < 8; ++v) {
    const uint8_t* from = plane + v / kPerByte * 64;
    for (unsigned i = 0; i < 64; ++i)
      codes[v][i] = static_cast<uint8_t>(codes[v][i] | ((from[i] >> (v % kPerByte * kBits)) & kMask)
                                                           << shift);
  }
}

void read_plane(const uint8_t* plane, unsigned bits, unsigned shift, Codes& codes) {
  switch (bits) {
    case 1:
      return add_plane<1>(plane, shift, codes);
    case 2:
      return add_plane<2>(plane, shift, codes);
    case 4:
      return add_plane<4>(plane, shift, codes);
    case 8:
      return add_plane<8>(plane, shift, codes);
    default:
      return;
  }
}

void read_codes(const Packed& p, const uint8_t* unit, Codes& codes) {
  __builtin_memset(codes, 0, sizeof codes);
  read_plane(unit, p.plane_bits, 0, codes);
  read_plane(unit + 64 * p.plane_bits, p.high_bits, p.plane_bits, codes);
}

float read_first(const uint8_t* at, uint32_t type, uint32_t index) {
  if (type == 2) return e8m0_value(at[index]);
  if (type == 1) {
    uint16_t half;
    __builtin_memcpy(&half, at + index * 2, 2);
    return half_to_f32(half);
  }
  float value;
  __builtin_memcpy(&value, at + index * 4, 4);
  return value;
}

/// The scales and mins of a group, one a row.
struct Group {
  float scales[kTileRows], mins[kTileRows];
};

void read_group(const Packed& p, const uint8_t* chunk, uint32_t col, Group& group) {
  const uint32_t first = col / p.super_values * kTileRows;
  const uint8_t* subs = chunk + p.sub_scales_at + col / p.group_values * kTileRows;
  const uint8_t* sub_mins = chunk + p.sub_mins_at + col / p.group_values * kTileRows;
  for (uint32_t r = 0; r < kTileRows; ++r) {
    group.scales[r] = read_first(chunk, p.scale_type, first + r);
    group.mins[r] = p.has_min ? read_first(chunk + p.mins_at, p.scale_type, first + r) : 0.0f;
    if (p.has_sub_scale) {
      const int byte = p.shares_byte ? subs[r] & 15 : subs[r];
      group.scales[r] *= static_cast<float>(byte + p.sub_scale_low);
    }
    if (p.has_sub_min) {
      const int byte = p.shares_byte ? subs[r] >> 4 : sub_mins[r];
      group.mins[r] *= static_cast<float>(byte + p.sub_min_low);
    }
  }
}

void write_out(const MatmulTask& task, uint64_t tile, uint64_t token, const float* sums) {
  const uint64_t first = tile * kTileRows;
  const uint64_t n = task.n_rows - first < kTileRows ? task.n_rows - first : kTileRows;
  for (uint64_t r = 0; r < n; ++r) task.y[token * task.y_stride + first + r] = sums[r];
}

constexpr uint32_t kMaxTokens = 8;

struct Tokens {
  uint64_t first;
  uint32_t n;
};

void integer_unit(const Packed& p, const Codes& codes, const Group (&groups)[2], const QuantUnit& x,
                  float* sums) {
  const uint32_t vectors = 8 / p.halves;
  for (uint32_t half = 0; half < p.halves; ++half) {
    int dots[kTileRows] = {};
    for (uint32_t v = half * vectors; v < (half + 1) * vectors; ++v)
      for (uint32_t r = 0; r < kTileRows; ++r)
        for (uint32_t j = 0; j < 4; ++j) {
          const int code = codes[v][r * 4 + j];
          dots[r] += (p.integers ? p.integers[code] : code - p.zero_point) * x.values[v * 4 + j];
        }
    const float sum = p.halves == 2 ? x.sums[half] : x.sums[0] + x.sums[1];
    for (uint32_t r = 0; r < kTileRows; ++r) {
      sums[r] +=
          static_cast<float>(dots[r]) * (groups[half].scales[r] * (x.scale * p.integer_scale));
      if (p.has_min) sums[r] -= groups[half].mins[r] * sum;
    }
  }
}

void integer_tile(const MatmulTask& task, uint64_t tile, Tokens tokens) {
  const Packed& p = *task.packed;
  const auto* x = static_cast<const QuantUnit*>(task.x) + tokens.first * task.x_stride;
  float sums[kMaxTokens][kTileRows] = {};
  const uint8_t* weights = task.weights + tile * task.tile_bytes;
  for (uint64_t u = 0; u < task.n_units; ++u) {
    const uint8_t* chunk = weights + u / p.units_per_chunk * p.chunk_bytes;
    const uint32_t at = static_cast<uint32_t>(u % p.units_per_chunk);
    Codes codes;
    read_codes(p, chunk + p.codes_at + at * p.unit_bytes, codes);
    Group groups[2];
    for (uint32_t half = 0; half < p.halves; ++half)
      read_group(p, chunk, at * kUnitCols + half * 16, groups[half]);
    for (uint32_t t = 0; t < tokens.n; ++t)
      integer_unit(p, codes, groups, x[t * task.x_stride + u], sums[t]);
  }
  for (uint32_t t = 0; t < tokens.n; ++t) write_out(task, tile, tokens.first + t, sums[t]);
}

/// A unit in f32: [32 columns][16 rows].
using WideUnit = float[kUnitCols][kTileRows];

void widen_packed(const MatmulTask& task, const uint8_t* weights, uint64_t unit, WideUnit& wide) {
  const Packed& p = *task.packed;
  const uint8_t* chunk = weights + unit / p.units_per_chunk * p.chunk_bytes;
  const uint32_t at = static_cast<uint32_t>(unit % p.units_per_chunk);
  Codes codes;
  read_codes(p, chunk + p.codes_at + at * p.unit_bytes, codes);
  Group groups[2];
  for (uint32_t half = 0; half < p.halves; ++half)
    read_group(p, chunk, at * kUnitCols + half * 16, groups[half]);
  for (uint32_t c = 0; c < kUnitCols; ++c) {
    const Group& group = groups[p.halves == 2 ? c / 16 : 0];
    for (uint32_t r = 0; r < kTileRows; ++r) {
      const int code = codes[c / 4][r * 4 + c % 4];
      const float value = p.table ? p.table[code] : static_cast<float>(code - p.zero_point);
      wide[c][r] = group.scales[r] * value;
      if (p.has_min) wide[c][r] -= group.mins[r];
    }
  }
}

void widen_f32(const MatmulTask&, const uint8_t* weights, uint64_t unit, WideUnit& wide) {
  __builtin_memcpy(wide, weights + unit * sizeof wide, sizeof wide);
}

template <bool kIsBf16>
void widen_halves(const MatmulTask&, const uint8_t* weights, uint64_t unit, WideUnit& wide) {
  const uint8_t* from = weights + unit * sizeof wide / 2;
  for (uint32_t c = 0; c < kUnitCols; c += 2) {
    for (uint32_t r = 0; r < kTileRows; ++r) {
      uint32_t pair;
      __builtin_memcpy(&pair, from + (c / 2 * kTileRows + r) * 4, 4);
      wide[c][r] = kIsBf16 ? from_bits(pair << 16) : half_to_f32(static_cast<uint16_t>(pair));
      wide[c + 1][r] =
          kIsBf16 ? from_bits(pair & 0xffff0000u) : half_to_f32(static_cast<uint16_t>(pair >> 16));
    }
  }
}

using Widen = void (*)(const MatmulTask&, const uint8_t*, uint64_t, WideUnit&);

/// Four partial sums over the columns of a unit, then one over units: short chains, small errors.
void exact_unit(const WideUnit& wide, const float* x, float* sums) {
  float parts[4][kTileRows] = {};
  for (uint32_t c = 0; c < kUnitCols; c += 4)
    for (uint32_t k = 0; k < 4; ++k)
      for (uint32_t r = 0; r < kTileRows; ++r) parts[k][r] += wide[c + k][r] * x[c + k];
  for (uint32_t r = 0; r < kTileRows; ++r)
    sums[r] += (parts[0][r] + parts[1][r]) + (parts[2][r] + parts[3][r]);
}

template <Widen kWiden>
void exact_tile(const MatmulTask& task, uint64_t tile, Tokens tokens) {
  const auto* x = static_cast<const float*>(task.x) + tokens.first * task.x_stride;
  float sums[kMaxTokens][kTileRows] = {};
  for (uint64_t u = 0; u < task.n_units; ++u) {
    WideUnit wide;
    kWiden(task, task.weights + tile * task.tile_bytes, u, wide);
    for (uint32_t t = 0; t < tokens.n; ++t)
      exact_unit(wide, x + t * task.x_stride + u * kUnitCols, sums[t]);
  }
  for (uint32_t t = 0; t < tokens.n; ++t) write_out(task, tile, tokens.first + t, sums[t]);
}

/// Tokens in blocks that stay in the second-level cache while the weights pass by.
template <void (*kTile)(const MatmulTask&, uint64_t, Tokens)>
void matmul(const MatmulTask& task) {
  constexpr uint64_t kBlock = 64;
  for (uint64_t block = 0; block < task.n_tokens; block += kBlock) {
    const uint64_t end = block + kBlock < task.n_tokens ? block + kBlock : task.n_tokens;
    for (uint64_t tile = task.first_tile; tile < task.end_tile; ++tile) {
      for (uint64_t t = block; t < end; t += kMaxTokens)
        kTile(task, tile, {t, static_cast<uint32_t>(end - t < kMaxTokens ? end - t : kMaxTokens)});
    }
  }
}

void quantize_unit(const float* x, QuantUnit& unit) {
  uint32_t most = 0;  // as an integer, so that a NaN is the largest of all
  for (uint32_t i = 0; i < kUnitCols; ++i) {
    const uint32_t bits = to_bits(x[i]) & 0x7fffffffu;
    most = bits > most ? bits : most;
  }
  const float largest = from_bits(most);
  const bool is_tiny = largest < 1e-30f;
  const float inverse = is_tiny ? 0.0f : 127.0f / largest;
  int32_t sums[2] = {};
  for (uint32_t i = 0; i < kUnitCols; ++i) {
    const float shifted = x[i] * inverse + 12582912.0f;  // rounds to nearest, ties to even
    int32_t q = static_cast<int32_t>(to_bits(shifted) - 0x4b400000u);
    q = q < -127 ? -127 : q;
    q = q > 127 ? 127 : q;
    unit.values[i] = static_cast<int16_t>(q);
    sums[i / 16] += q;
  }
  unit.scale = is_tiny ? 0.0f : largest / 127.0f;
  for (int i = 0; i < 2; ++i) unit.sums[i] = unit.scale * static_cast<float>(sums[i]);
}

void quantize(const float* x, uint64_t n, QuantUnit* units) {
  const uint64_t whole = n / kUnitCols;
  for (uint64_t u = 0; u < whole; ++u) quantize_unit(x + u * kUnitCols, units[u]);
  if (n % kUnitCols == 0) return;
  float rest[kUnitCols] = {};
  for (uint64_t i = whole * kUnitCols; i < n; ++i) rest[i - whole * kUnitCols] = x[i];
  quantize_unit(rest, units[whole]);
}

constexpr MatmulKernels kMatmul = {
    matmul<integer_tile>,
    matmul<exact_tile<widen_packed>>,
    matmul<exact_tile<widen_f32>>,
    matmul<exact_tile<widen_halves<false>>>,
    matmul<exact_tile<widen_halves<true>>>,
    quantize,
};

}  // namespace
}  // namespace wick::cpu

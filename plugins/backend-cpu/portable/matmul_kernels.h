// Products with packed weights: panels of 16 rows are taken apart once for a block of tokens, then
// multiplied with several tokens at a time. Included by one file per instruction set; the sums over
// columns have the same order in all of them, for any number of tokens.
#pragma once

#include "portable/kernels.h"
#include "portable/panel.h"
#include "portable/quantize_kernels.h"

namespace wick::cpu {
namespace {

constexpr unsigned kMostTokens = kVectorBytes == 64 ? 8 : 4;
constexpr uint64_t kBlockTokensMost = 128;

void write_out(const MatmulTask& task, uint64_t tile, uint64_t token, const float* sums) {
  const uint64_t first = tile * kTileRows;
  const uint64_t n = task.n_rows - first < kTileRows ? task.n_rows - first : kTileRows;
  float* y = task.y + token * task.y_stride + first;
  if (n == kTileRows) {
    __builtin_memcpy(y, sums, sizeof(float) * kTileRows);
    return;
  }
  for (uint64_t r = 0; r < n; ++r) y[r] = sums[r];
}

/// Integer products of the rows of vector `q` with basic vectors of kTokens: kVectors of them from
/// `v` on.
template <unsigned kTokens, unsigned kVectors, unsigned kSteps>
inline void dot(const int16_t (*codes)[64], const QuantUnit* const* x, unsigned v, unsigned q,
                Signed* dots) {
  Signed low[kTokens], high[kTokens];
  WICK_UNROLL
  for (unsigned step = 0; step < kVectors; step += kSteps) {
    Words a[kTokens], b[kTokens];
    WICK_UNROLL
    for (unsigned k = 0; k < kSteps; ++k) {
      const Words left = load<Words>(codes[v + step + k] + q * (kVectorBytes));
      const Words right = load<Words>(codes[v + step + k] + q * kVectorBytes + kVectorBytes / 2);
      WICK_UNROLL
      for (unsigned t = 0; t < kTokens; ++t) {
        const Words four = repeat_four(x[t]->values + (v + step + k) * 4);
        a[t] = k == 0 ? left * four : a[t] + left * four;
        b[t] = k == 0 ? right * four : b[t] + right * four;
      }
    }
    WICK_UNROLL
    for (unsigned t = 0; t < kTokens; ++t) {
      low[t] = step == 0 ? add_pairs(a[t]) : low[t] + add_pairs(a[t]);
      high[t] = step == 0 ? add_pairs(b[t]) : high[t] + add_pairs(b[t]);
    }
  }
  WICK_UNROLL
  for (unsigned t = 0; t < kTokens; ++t) dots[t] = add_neighbours(low[t], high[t]);
}

/// sums[t][r] += the panel's part of the products, unit after unit: (scale * x.scale) * integers,
/// less min * (the sum of x).
template <unsigned kTokens, unsigned kHalves, unsigned kSteps>
void add_panel(const Panel& panel, uint32_t n_units, bool has_min, const QuantUnit* const* x,
               float (*sums)[kTileRows]) {
  constexpr unsigned kVectors = 8 / kHalves;
  WICK_UNROLL
  for (unsigned q = 0; q < kRowVectors; ++q) {
    Floats total[kTokens];
    WICK_UNROLL
    for (unsigned t = 0; t < kTokens; ++t) total[t] = load<Floats>(sums[t] + q * kLanes);
    for (uint32_t u = 0; u < n_units; ++u) {
      const QuantUnit* units[kTokens];
      WICK_UNROLL
      for (unsigned t = 0; t < kTokens; ++t) units[t] = x[t] + u;
      WICK_UNROLL
      for (unsigned half = 0; half < kHalves; ++half) {
        Signed dots[kTokens];
        dot<kTokens, kVectors, (kSteps < kVectors ? kSteps : kVectors)>(panel.codes[u], units,
                                                                        half * kVectors, q, dots);
        const Group& group = panel.groups[u][half];
        const Floats scales = load<Floats>(group.scales + q * kLanes);
        WICK_UNROLL
        for (unsigned t = 0; t < kTokens; ++t)
          total[t] += __builtin_convertvector(dots[t], Floats) * (scales * units[t]->scale);
        if (!has_min) continue;
        const Floats mins = load<Floats>(group.mins + q * kLanes);
        WICK_UNROLL
        for (unsigned t = 0; t < kTokens; ++t) {
          const float* parts = units[t]->sums;
          total[t] -= mins * (kHalves == 2 ? parts[half] : parts[0] + parts[1]);
        }
      }
    }
    WICK_UNROLL
    for (unsigned t = 0; t < kTokens; ++t) store(sums[t] + q * kLanes, total[t]);
  }
}

/// n tokens in groups of 8 (or 4), 4, 2 and 1.
template <unsigned kTokens, unsigned kHalves, unsigned kSteps>
void add_tokens(const Panel& panel, uint32_t n_units, bool has_min, const QuantUnit* const* x,
                uint64_t n, float (*sums)[kTileRows]) {
  for (; n >= kTokens; n -= kTokens, x += kTokens, sums += kTokens)
    add_panel<kTokens, kHalves, kSteps>(panel, n_units, has_min, x, sums);
  if constexpr (kTokens > 1)
    if (n > 0) add_tokens<kTokens / 2, kHalves, kSteps>(panel, n_units, has_min, x, n, sums);
}

using AddTokens = void (*)(const Panel&, uint32_t, bool, const QuantUnit* const*, uint64_t,
                           float (*)[kTileRows]);

AddTokens pick_add(const Packed& p) {
  if (p.halves == 2)
    return p.n_steps == 8   ? add_tokens<kMostTokens, 2, 8>
           : p.n_steps == 2 ? add_tokens<kMostTokens, 2, 2>
                            : add_tokens<kMostTokens, 2, 1>;
  return p.n_steps == 8   ? add_tokens<kMostTokens, 1, 8>
         : p.n_steps == 2 ? add_tokens<kMostTokens, 1, 2>
                          : add_tokens<kMostTokens, 1, 1>;
}

/// Tokens whose activations stay in the second-level cache while the weights pass by.
uint64_t block_tokens(uint64_t row_bytes) {
  const uint64_t n = (uint64_t{512} << 10) / row_bytes / kMostTokens * kMostTokens;
  return n < 2 * kMostTokens ? 2 * kMostTokens : n > kBlockTokensMost ? kBlockTokensMost : n;
}

void integer_block(const MatmulTask& task, uint64_t first, uint64_t n) {
  const Packed& p = *task.packed;
  const Expand expand_codes = pick_expand(p);
  const AddTokens add = pick_add(p);
  const auto* x = static_cast<const QuantUnit*>(task.x) + first * task.x_stride;
  alignas(64) float sums[kBlockTokensMost][kTileRows];
  const QuantUnit* rows[kBlockTokensMost];
  Panel panel;
  for (uint64_t tile = task.first_tile; tile < task.end_tile; ++tile) {
    GroupReader reader(p, task.weights + tile * task.tile_bytes);
    __builtin_memset(sums, 0, n * sizeof sums[0]);
    for (uint64_t u = 0; u < task.n_units; u += kPanelUnits) {
      const uint64_t left = task.n_units - u;
      const uint32_t n_units = static_cast<uint32_t>(left < kPanelUnits ? left : kPanelUnits);
      fill(p, reader, expand_codes, n_units, panel);
      for (uint64_t t = 0; t < n; ++t) rows[t] = x + t * task.x_stride + u;
      add(panel, n_units, p.has_min != 0, rows, n, sums);
    }
    for (uint64_t t = 0; t < n; ++t) write_out(task, tile, first + t, sums[t]);
  }
}

void matmul_integer(const MatmulTask& task) {
  const uint64_t block = block_tokens(task.n_units * sizeof(QuantUnit));
  for (uint64_t first = 0; first < task.n_tokens; first += block)
    integer_block(task, first, task.n_tokens - first < block ? task.n_tokens - first : block);
}

/// The same in f32: four partial sums over the columns of a unit, then one over units, so that
/// chains and errors are short.
template <unsigned kTokens>
void add_wide(const WidePanel& panel, uint32_t n_units, const float* x, uint64_t x_stride,
              float (*sums)[kTileRows]) {
  WICK_UNROLL
  for (unsigned q = 0; q < kRowVectors; ++q) {
    for (uint32_t u = 0; u < n_units; ++u) {
      Floats parts[kTokens][4] = {};
      for (uint32_t c = 0; c < kUnitCols; c += 4) {
        WICK_UNROLL
        for (uint32_t k = 0; k < 4; ++k) {
          const Floats w = load<Floats>(panel.values[u * kUnitCols + c + k] + q * kLanes);
          WICK_UNROLL
          for (unsigned t = 0; t < kTokens; ++t)
            parts[t][k] += w * x[t * x_stride + u * kUnitCols + c + k];
        }
      }
      WICK_UNROLL
      for (unsigned t = 0; t < kTokens; ++t) {
        const Floats sum = (parts[t][0] + parts[t][1]) + (parts[t][2] + parts[t][3]);
        store(sums[t] + q * kLanes, load<Floats>(sums[t] + q * kLanes) + sum);
      }
    }
  }
}

void add_all_wide(const WidePanel& panel, uint32_t n_units, const float* x, uint64_t x_stride,
                  uint64_t n, float (*sums)[kTileRows]) {
  constexpr unsigned kTokens = kVectorBytes == 64 ? 4 : 2;
  for (; n >= kTokens; n -= kTokens, x += kTokens * x_stride, sums += kTokens)
    add_wide<kTokens>(panel, n_units, x, x_stride, sums);
  for (; n > 0; --n, x += x_stride, ++sums) add_wide<1>(panel, n_units, x, x_stride, sums);
}

/// Sources of wide panels: next(n, panel) gives the next n units.
class PackedSource {
 public:
  PackedSource(const MatmulTask& task, const uint8_t* tile)
      : p_(*task.packed), reader_(p_, tile), expand_(pick_expand(p_)) {}
  void next(uint32_t n, WidePanel& panel) { fill_exact(p_, reader_, expand_, n, panel); }

 private:
  const Packed& p_;
  GroupReader reader_;
  Expand expand_;
};

class F32Source {
 public:
  F32Source(const MatmulTask&, const uint8_t* tile) : at_(tile) {}
  void next(uint32_t n, WidePanel& panel) {
    const uint64_t n_bytes = uint64_t{n} * kUnitCols * kTileRows * sizeof(float);
    __builtin_memcpy(panel.values, at_, n_bytes);
    at_ += n_bytes;
  }

 private:
  const uint8_t* at_;
};

/// Pairs of columns: the even one in the low half of each row's 32 bits.
template <bool kIsBf16>
class HalvesSource {
 public:
  HalvesSource(const MatmulTask&, const uint8_t* tile) : at_(tile) {}
  void next(uint32_t n, WidePanel& panel) {
    for (uint32_t c = 0; c < n * kUnitCols; c += 2, at_ += kTileRows * 4) {
      uint32_t pairs[kTileRows];
      __builtin_memcpy(pairs, at_, sizeof pairs);
      float* even = panel.values[c];
      float* odd = panel.values[c + 1];
      for (uint32_t r = 0; r < kTileRows; ++r)
        even[r] =
            kIsBf16 ? from_bits(pairs[r] << 16) : half_to_f32(static_cast<uint16_t>(pairs[r]));
      for (uint32_t r = 0; r < kTileRows; ++r)
        odd[r] = kIsBf16 ? from_bits(pairs[r] & 0xffff0000u)
                         : half_to_f32(static_cast<uint16_t>(pairs[r] >> 16));
    }
  }

 private:
  const uint8_t* at_;
};

template <class Source>
void wide_block(const MatmulTask& task, uint64_t first, uint64_t n) {
  const auto* x = static_cast<const float*>(task.x) + first * task.x_stride;
  alignas(64) float sums[kBlockTokensMost][kTileRows];
  WidePanel panel;
  for (uint64_t tile = task.first_tile; tile < task.end_tile; ++tile) {
    Source source(task, task.weights + tile * task.tile_bytes);
    __builtin_memset(sums, 0, n * sizeof sums[0]);
    for (uint64_t u = 0; u < task.n_units; u += kPanelUnits) {
      const uint64_t left = task.n_units - u;
      const uint32_t n_units = static_cast<uint32_t>(left < kPanelUnits ? left : kPanelUnits);
      source.next(n_units, panel);
      add_all_wide(panel, n_units, x + u * kUnitCols, task.x_stride, n, sums);
    }
    for (uint64_t t = 0; t < n; ++t) write_out(task, tile, first + t, sums[t]);
  }
}

template <class Source>
void matmul_wide(const MatmulTask& task) {
  const uint64_t block = block_tokens(task.n_units * kUnitCols * sizeof(float));
  for (uint64_t first = 0; first < task.n_tokens; first += block)
    wide_block<Source>(task, first, task.n_tokens - first < block ? task.n_tokens - first : block);
}

constexpr MatmulKernels kMatmul = {
    matmul_integer,
    matmul_wide<PackedSource>,
    matmul_wide<F32Source>,
    matmul_wide<HalvesSource<false>>,
    matmul_wide<HalvesSource<true>>,
    quantize,
    quantize_bytes,
};

}  // namespace
}  // namespace wick::cpu

// Activations in 8 bits, for portable products (units of 32 columns) and emitted ones (see
// jit/activations.h). Included by one file per instruction set.
#pragma once

#include "portable/kernels.h"
#include "portable/simd.h"

namespace wick::cpu {
namespace {

/// The largest magnitude of n values, as an integer, so that a NaN is the largest of all.
uint32_t largest_bits(const float* x, uint32_t n) {
  uint32_t most = 0;
  for (uint32_t i = 0; i < n; ++i) {
    const uint32_t bits = to_bits(x[i]) & 0x7fffffffu;
    most = bits > most ? bits : most;
  }
  return most;
}

struct Scale {
  float scale, inverse;
};

Scale scale_of(const float* x, uint32_t n) {
  const float largest = from_bits(largest_bits(x, n));
  const bool is_tiny = largest < 1e-30f;
  return {is_tiny ? 0.0f : largest / 127.0f, is_tiny ? 0.0f : 127.0f / largest};
}

/// To nearest, ties to even, of n values: within -127 .. 127.
template <uint32_t kCount>
inline void round_values(const float* __restrict x, float inverse, int32_t* __restrict rounded) {
  for (uint32_t i = 0; i < kCount; ++i) {
    const float shifted = x[i] * inverse + 12582912.0f;
    const int32_t q = static_cast<int32_t>(to_bits(shifted) - 0x4b400000u);
    const int32_t low = q < -127 ? -127 : q;
    rounded[i] = low > 127 ? 127 : low;
  }
}

int32_t sum_16(const int32_t* values) {
  int32_t sum = 0;
  for (uint32_t i = 0; i < 16; ++i) sum += values[i];
  return sum;
}

void quantize_unit(const float* __restrict x, QuantUnit& __restrict unit) {
  const Scale s = scale_of(x, kUnitCols);
  int32_t rounded[kUnitCols];
  round_values<kUnitCols>(x, s.inverse, rounded);
  for (uint32_t i = 0; i < kUnitCols; ++i) unit.values[i] = static_cast<int16_t>(rounded[i]);
  unit.scale = s.scale;
  unit.sums[0] = unit.scale * static_cast<float>(sum_16(rounded));
  unit.sums[1] = unit.scale * static_cast<float>(sum_16(rounded + 16));
}

void quantize(const float* x, uint64_t n, QuantUnit* units) {
  const uint64_t whole = n / kUnitCols;
  for (uint64_t u = 0; u < whole; ++u) quantize_unit(x + u * kUnitCols, units[u]);
  if (n % kUnitCols == 0) return;
  float rest[kUnitCols] = {};
  for (uint64_t i = whole * kUnitCols; i < n; ++i) rest[i - whole * kUnitCols] = x[i];
  quantize_unit(rest, units[whole]);
}

/// Sum number `index` of a row.
void put_sum(const jit::ActivationFormat& format, float scale, int32_t sum, uint8_t* sums,
             uint64_t index) {
  if (format.sums == jit::Sums::kOffset) {
    const int32_t offset = -format.zero_point * sum;
    __builtin_memcpy(sums + index * 4, &offset, 4);
  } else if (format.sums == jit::Sums::kMin) {
    const float scaled = scale * static_cast<float>(sum);
    __builtin_memcpy(sums + index * 4, &scaled, 4);
  }
}

/// Unit `u` of a row; rest = what is rounded away.
void put_unit(const QuantizeTask& task, const float* x, uint64_t u, uint8_t* row, float* rest) {
  const Scale s = scale_of(x, kUnitCols);
  int32_t rounded[kUnitCols];
  round_values<kUnitCols>(x, s.inverse, rounded);
  auto* values = reinterpret_cast<int8_t*>(row + u * kUnitCols);
  for (uint32_t i = 0; i < kUnitCols; ++i) values[i] = static_cast<int8_t>(rounded[i]);
  if (rest)
    for (uint32_t i = 0; i < kUnitCols; ++i)
      rest[i] = x[i] - s.scale * static_cast<float>(rounded[i]);
  __builtin_memcpy(row + jit::scales_at(task.n_units) + u * 4, &s.scale, 4);
  if (task.format.sums == jit::Sums::kNone) return;
  uint8_t* sums = row + jit::sums_at(task.n_units);
  const int32_t first = sum_16(rounded), second = sum_16(rounded + 16);
  if (task.format.sum_cols == kUnitCols)
    return put_sum(task.format, s.scale, first + second, sums, u);
  put_sum(task.format, s.scale, first, sums, 2 * u);
  put_sum(task.format, s.scale, second, sums, 2 * u + 1);
}

/// Unit `u` of all terms.
void put_terms(const QuantizeTask& task, const float* x, uint64_t u) {
  if (task.format.n_terms == 1) return put_unit(task, x, u, task.row, nullptr);
  float rest[kUnitCols];
  put_unit(task, x, u, task.row, rest);
  put_unit(task, rest, u, task.row + jit::row_bytes(task.format, task.n_units), nullptr);
}

void quantize_bytes(const QuantizeTask& task) {
  const uint64_t whole = task.n / kUnitCols * kUnitCols;
  for (uint64_t c = 0; c < whole; c += kUnitCols)
    put_terms(task, task.x + c, (task.first_col + c) / kUnitCols);
  if (whole == task.n) return;
  float rest[kUnitCols] = {};
  for (uint64_t c = whole; c < task.n; ++c) rest[c - whole] = task.x[c];
  put_terms(task, rest, (task.first_col + whole) / kUnitCols);
}

}  // namespace
}  // namespace wick::cpu

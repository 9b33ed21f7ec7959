// How a row of activations lies in memory for the emitted integer products: bytes, then scales,
// then sums. Not for the portable kernels, which read QuantUnit.
#pragma once

#include <stdint.h>

namespace wick::cpu::jit {

/// What products need besides the values: sums over columns, by the class of the weight.
enum class Sums : uint32_t {
  kNone,
  kOffset,    ///< i32: -zero_point * (sum of the integers)
  kMin,       ///< f32: scale * (sum of the integers)
  kIntegers,  ///< i16: the sum of the integers
};

/// One row: x[c] = scale[c / scale_cols] * values[c].
///
///   values  i8   [n_units * 32]             columns behind the last are 0
///   scales  f32  [n_units * 32 / scale_cols]
///   sums         [n_units * 32 / sum_cols]
struct ActivationFormat {
  uint32_t scale_cols = 32;  ///< 32 or 256; the row is a multiple of it
  uint32_t sum_cols = 32;    ///< 16 or 32
  Sums sums = Sums::kNone;
  int32_t zero_point = 0;  ///< of kOffset

  bool operator==(const ActivationFormat& o) const {
    return scale_cols == o.scale_cols && sum_cols == o.sum_cols && sums == o.sums &&
           zero_point == o.zero_point;
  }
};

constexpr uint64_t scales_at(uint64_t n_units) {
  return n_units * 32;
}
constexpr uint64_t sums_at(const ActivationFormat& f, uint64_t n_units) {
  return scales_at(n_units) + n_units * 32 / f.scale_cols * 4;
}
/// From row to row. Never a multiple of 4096: the rows of several tokens would share cache sets.
constexpr uint64_t row_bytes(const ActivationFormat& f, uint64_t n_units) {
  const uint64_t n_sums = f.sums == Sums::kNone ? 0 : n_units * 32 / f.sum_cols;
  const uint64_t all = sums_at(f, n_units) + n_sums * (f.sums == Sums::kIntegers ? 2 : 4);
  const uint64_t lines = (all + 63) / 64;
  return (lines % 64 == 0 ? lines + 1 : lines) * 64;
}

}  // namespace wick::cpu::jit

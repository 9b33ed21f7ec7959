// How a row of activations lies in memory for the emitted integer products: bytes, then scales,
// then sums. Not for the portable kernels, which read QuantUnit.
#pragma once

#include <stdint.h>

namespace wick::cpu::jit {

/// What products need besides the values: sums over columns, by the class of the weight.
enum class Sums : uint32_t {
  kNone,
  kOffset,  ///< i32: -zero_point * (sum of the integers)
  kMin,     ///< f32: scale * (sum of the integers)
};

/// One row: x[c] = scale[c / 32] * values[c].
///
///   values  i8   [n_units * 32]  columns behind the last are 0
///   scales  f32  [n_units]
///   sums         [n_units * 32 / sum_cols]
///
/// 32 columns a scale, though weights of two levels would take 256 and be 13 % faster: one large
/// activation would cost 255 others their precision instead of 31, and errors grew threefold.
struct ActivationFormat {
  uint32_t sum_cols = 32;  ///< 16 or 32
  Sums sums = Sums::kNone;
  int32_t zero_point = 0;  ///< of kOffset
  /// 2: a second row holds what the first has rounded away, and products add both. For the logits,
  /// whose rounding nothing behind evens out, and whose rows are few.
  uint32_t n_terms = 1;

  bool operator==(const ActivationFormat& o) const {
    return sum_cols == o.sum_cols && sums == o.sums && zero_point == o.zero_point &&
           n_terms == o.n_terms;
  }
};

constexpr uint64_t scales_at(uint64_t n_units) {
  return n_units * 32;
}
constexpr uint64_t sums_at(uint64_t n_units) {
  return scales_at(n_units) + n_units * 4;
}
/// From row to row, of a token's terms as well. Never a multiple of 4096: the rows of several
/// tokens would share cache sets.
constexpr uint64_t row_bytes(const ActivationFormat& f, uint64_t n_units) {
  const uint64_t n_sums = f.sums == Sums::kNone ? 0 : n_units * 32 / f.sum_cols;
  const uint64_t all = sums_at(n_units) + n_sums * 4;
  const uint64_t lines = (all + 63) / 64;
  return (lines % 64 == 0 ? lines + 1 : lines) * 64;
}

}  // namespace wick::cpu::jit

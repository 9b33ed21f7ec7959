// The packed layout as kernels read it: plain numbers, no functions. Not for memory.
#pragma once

#include <stdint.h>

namespace wick::cpu {

inline constexpr uint32_t kTileRows = 16;
inline constexpr uint32_t kUnitCols = 32;

/// A tile of 16 rows is chunk after chunk of columns. A chunk holds, one behind the other:
///
///   first-level scales  [n_scales][16 rows]  f32, f16 or e8m0
///   first-level mins    the same shape and type, with has_min
///   sub scales          [n_groups][16 rows]  bytes: value - sub_scale_low
///   sub mins            [n_groups][16 rows]  bytes; in the high halves of the sub scales' bytes
///   where both fit codes               [units of 32 columns][planes]
///
/// A basic vector is 64 bytes: 16 rows x 4 adjacent columns. The 8 basic vectors of a unit are
/// split by bits into planes (low bits first); a plane of w bits packs 8 / w basic vectors into 64
/// bytes, the first of them in the lowest bits.
struct Packed {
  uint32_t plane_bits;  ///< of the first plane: 8, 4, 2 or 1
  uint32_t high_bits;   ///< of the second plane; 0: none
  uint32_t group_values, super_values;
  uint32_t halves;  ///< groups in a unit: 1 or 2
  uint32_t units_per_chunk;
  uint32_t n_scales, n_groups;
  uint32_t scale_type;
  uint32_t has_min, has_sub_scale, has_sub_min, shares_byte;
  int32_t sub_scale_low, sub_min_low;
  int32_t zero_point;
  uint32_t mins_at, sub_scales_at, sub_mins_at, codes_at;
  uint32_t unit_bytes, chunk_bytes;
  uint32_t n_steps;         ///< basic vectors whose products with 8-bit activations fit 16 bits
  const int16_t* integers;  ///< null: code - zero_point
  const float* table;       ///< null: code - zero_point
  float integer_scale;      ///< what integers are to be multiplied with
};

}  // namespace wick::cpu

// The kernels that exist once per instruction set, as tables of functions. A table gives the same
// bits whatever is computed together: fixed orders of summation, multiply_add (simd.h) for what is
// to be fused. Two tables may differ in roundings. Not for the choice among them (isa.h).
#pragma once

#include <stdint.h>

#include "jit/activations.h"
#include "portable/attention_task.h"
#include "portable/packed.h"

namespace wick::cpu {

/// 32 activations in 8 bits (kept in 16): x = scale * values. sums: scale * (sum of each half).
struct QuantUnit {
  int16_t values[kUnitCols];
  float scale;
  float sums[2];
  float unused;
};

/// Columns first_col .. first_col + n of one row to bytes. first_col is a multiple of 32; so is n,
/// but for the last columns of a row.
struct QuantizeTask {
  const float* x;  ///< at first_col
  uint64_t n, first_col;
  jit::ActivationFormat format;
  uint64_t n_units;  ///< of the row
  uint8_t* row;
};

/// y[t, o] = sum over i of x[t, i] * w[o, i], for whole tiles of 16 rows o.
struct MatmulTask {
  const Packed* packed;  ///< null for plain weights
  const void* code;      ///< jit::MatmulCodes of an emitted kernel; else null
  const uint8_t* weights;
  uint64_t tile_bytes;
  uint64_t n_units;  ///< of 32 columns, in a row of x and of w
  uint64_t first_tile, end_tile;
  uint64_t n_rows;  ///< of the weight: the last tile may be cut
  const void* x;    ///< [n_tokens][x_stride] QuantUnit, float, or bytes for emitted kernels
  uint64_t x_stride;
  uint64_t n_tokens;
  float* y;  ///< [n_tokens][y_stride]
  uint64_t y_stride;
};
using MatmulKernel = void (*)(const MatmulTask&);

struct MatmulKernels {
  MatmulKernel packed_integer;  ///< x is QuantUnit
  MatmulKernel packed_exact, f32, f16, bf16;
  /// x [n] to units; the end of the last unit is zero.
  void (*quantize)(const float* x, uint64_t n, QuantUnit* units);
  void (*quantize_bytes)(const QuantizeTask&);
};

/// All but rms_norm and layer_norm: n values, no order among them; y may be an input.
struct ElementwiseKernels {
  void (*add)(const float* a, const float* b, uint64_t n, float* y);
  void (*mul)(const float* a, const float* b, uint64_t n, float* y);
  void (*scale)(const float* x, float factor, uint64_t n, float* y);
  void (*silu)(const float* x, uint64_t n, float* y);
  void (*swiglu)(const float* gate, const float* up, uint64_t n, float* y);
  void (*gelu)(const float* x, uint64_t n, float* y);
  void (*softcap)(const float* x, float cap, uint64_t n, float* y);
  void (*exp)(const float* x, uint64_t n, float* y);
  void (*rms_norm)(const float* x, const float* weight, float epsilon, uint64_t n, float* y);
  /// bias may be null
  void (*layer_norm)(const float* x, const float* weight, const float* bias, float epsilon,
                     uint64_t n, float* y);
};

extern const MatmulKernels kMatmulKernels;
extern const ElementwiseKernels kElementwiseKernels;
extern const AttentionKernels kAttentionKernels;
#if defined(__x86_64__)
extern const MatmulKernels kMatmulKernelsV3, kMatmulKernelsV4;
extern const ElementwiseKernels kElementwiseKernelsV3, kElementwiseKernelsV4;
extern const AttentionKernels kAttentionKernelsV3, kAttentionKernelsV4, kAttentionKernelsBf16;
#endif

}  // namespace wick::cpu

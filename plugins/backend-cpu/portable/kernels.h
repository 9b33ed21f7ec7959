// The kernels that exist once per instruction set, as tables of functions. Every table gives the
// same bits: no fused multiply-add, fixed orders of summation. Not for the choice among them
// (isa.h).
#pragma once

#include <stdint.h>

#include "jit/activations.h"
#include "portable/packed.h"

namespace wick::cpu {

/// 32 activations in 8 bits (kept in 16): x = scale * values. sums: scale * (sum of each half).
struct QuantUnit {
  int16_t values[kUnitCols];
  float scale;
  float sums[2];
  float unused;
};

/// Columns first_col .. first_col + n of one row to bytes. first_col is a multiple of the format's
/// scale_cols; so is n, but for the last columns of a row.
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

/// Where attention of one run finds a block's keys and values of one head.
///   keys    [head_dim][32 tokens]     values  [32 tokens][value_dim]     f16 or f32
struct AttentionShape {
  uint32_t head_dim, value_dim;
  uint32_t n_queries_per_token;  ///< query heads that share the kv head
  uint64_t window;               ///< 0: all positions
  float scale, softcap;
  uint32_t is_f16;
};

struct AttentionTask {
  AttentionShape shape;
  uint8_t* const* state_blocks;  ///< memory by number of block
  const uint32_t* blocks;        ///< numbers by 32 positions
  uint64_t keys_at, values_at;   ///< offsets within a block
  const float* q;                ///< [n_tokens][q_stride], at the first query head
  uint64_t q_stride;
  float* y;  ///< [n_tokens][y_stride]
  uint64_t y_stride;
  uint64_t first_position;
  uint32_t n_tokens;  ///< at most kAttentionTokens
  float* scratch;     ///< attention_scratch() floats
};

inline constexpr uint32_t kBlockTokens = 32;
inline constexpr uint32_t kAttentionTokens = 8;

constexpr uint64_t attention_scratch(const AttentionShape& s) {
  const uint64_t n_queries = uint64_t{kAttentionTokens} * s.n_queries_per_token;
  return kBlockTokens * (uint64_t{s.head_dim} + s.value_dim) + n_queries * (s.value_dim + 2) + 64;
}

struct AttentionKernels {
  void (*attend)(const AttentionTask&);
};

extern const MatmulKernels kMatmulKernels;
extern const ElementwiseKernels kElementwiseKernels;
extern const AttentionKernels kAttentionKernels;
#if defined(__x86_64__)
extern const MatmulKernels kMatmulKernelsV3, kMatmulKernelsV4;
extern const ElementwiseKernels kElementwiseKernelsV3, kElementwiseKernelsV4;
extern const AttentionKernels kAttentionKernelsV3, kAttentionKernelsV4;
#endif

}  // namespace wick::cpu

/* How the values of a weight format are made of codes and scales: the storage class. A backend
 * picks its kernel by this and never learns a format's name.
 *
 *   value = (scale * sub_scale) * c  -  (min * sub_min)      c = code - zero_point, or table[code]
 *
 * evaluated in f32 in this order; sub_scale and sub_min are 1 where the class has one level, the
 * second term is absent without mins. Products of an f16 scale with a sub scale are exact, so every
 * decoder gives the same bits. */
#pragma once

#include <wick/abi/base.h>

#define WICK_SCALE_F32 0u
#define WICK_SCALE_F16 1u
#define WICK_SCALE_E8M0 2u /* a power of two, 2^-127 to 2^127, or NaN */

typedef struct wick_storage_class {
  uint32_t struct_size;
  uint32_t code_bits;    /* 1..8: codes are 0 .. 2^code_bits - 1 */
  uint32_t group_values; /* values that share a sub scale; a multiple of 8 */
  uint32_t super_values; /* values that share a first-level scale: group_values where there is one
                            level */
  uint32_t
      scale_type; /* of scales and mins of the first level: WICK_SCALE_* holds them without loss */
  uint32_t has_min;        /* 0 or 1 */
  uint32_t sub_scale_bits; /* 0: one level */
  int32_t sub_scale_low; /* sub scales are sub_scale_low .. sub_scale_low + 2^sub_scale_bits - 1 */
  uint32_t sub_min_bits; /* 0: one level, or no min */
  int32_t sub_min_low;
  int32_t zero_point; /* affine classes; 0 with a table */
  uint32_t reserved;
  const float* table; /* [2^code_bits] finite values, or null: affine */
} wick_storage_class;

/* A tile of rows by columns, split; all memory is the caller's, rows contiguous, row-major. */
typedef struct wick_unpacked {
  uint32_t struct_size;
  uint32_t reserved;
  uint64_t n_rows;
  uint64_t n_cols;     /* a multiple of super_values and of the format's block */
  uint8_t* codes;      /* [n_rows, n_cols] */
  float* scales;       /* [n_rows, n_cols / super_values] */
  float* mins;         /* the same shape; null without mins */
  int16_t* sub_scales; /* [n_rows, n_cols / group_values], null with one level */
  int16_t* sub_mins;   /* the same shape; null without */
} wick_unpacked;

/* Types that every host and backend knows without a format plugin, by GGUF id. */
#define WICK_TYPE_F32 0u
#define WICK_TYPE_F16 1u
#define WICK_TYPE_BF16 30u
#define WICK_TYPE_FIRST_LOCAL 0x10000u /* ids from here on are bound by the file, by name */

/* Provider kind "quant": one weight format. Thread-safe; no function allocates for the caller. */
#pragma once

#include <wick/abi/storage.h>

typedef struct wick_format_v1 {
  uint32_t struct_size;
  uint32_t gguf_type; /* GGUF tensor type id, or WICK_NONE: bound by name in each file */
  wick_str name;      /* "Q4_K", "org.wick.nf4@1": also the provider's id */
  uint32_t block_values;
  uint32_t block_bytes;
  const wick_storage_class* storage; /* lives as long as the provider */

  /* n_values, a multiple of block_values, from blocks to f32. */
  wick_code (*decode)(void* self, const void* blocks, uint64_t n_values, float* values,
                      wick_error* error) WICK_NOEXCEPT;
  /* One row into blocks; importance [n_values] weighs the squared error of each value, or null.
   * Null function: the format is read-only. Refuses values that are not finite. */
  wick_code (*encode)(void* self, const float* values, const float* importance, uint64_t n_values,
                      void* blocks, wick_error* error) WICK_NOEXCEPT;
  /* Splits a tile without loss. blocks: the first block of its first row; rows are row_bytes apart.
   */
  wick_code (*unpack)(void* self, const void* blocks, uint64_t row_bytes, wick_unpacked* tile,
                      wick_error* error) WICK_NOEXCEPT;
  const void* (*extension)(void* self, wick_str name)WICK_NOEXCEPT; /* may be null */
} wick_format_v1;

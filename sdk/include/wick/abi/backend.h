/* Provider kind "backend": one device API. Threads: device_* and supports, estimate, compile,
 * weight_put (on disjoint rows) may be called from several threads; a state, a plan and a fence
 * belong to one thread at a time. Opaque handles are made and freed by the backend. Functions that
 * may be null say so. */
#pragma once

#include <wick/abi/graph.h>
#include <wick/abi/storage.h>

#define WICK_DEVICE_SHARES_HOST_MEMORY 1u
#define WICK_DEVICE_CACHES_WEIGHTS 2u /* wants to know the origin of weights */

typedef struct wick_device_info {
  uint32_t struct_size;
  uint32_t flags;
  wick_str id;                        /* stable over restarts: PCI address, UUID; "cpu" */
  wick_str name;                      /* for people */
  wick_str description;               /* capabilities in a few words: "AVX-512, 16 threads" */
  uint64_t memory_total, memory_free; /* bytes, or WICK_UNKNOWN */
  uint64_t bandwidth;                 /* measured bytes per second, or WICK_UNKNOWN */
  uint32_t row_tile; /* weight_put gets whole multiples of so many rows, but for the last */
  uint32_t reserved;
} wick_device_info;

/* What a device can do at most, measured: the ceilings that speeds are shares of. Rates are per
 * second, all threads together; WICK_UNKNOWN for what the device has no instruction for, or cannot
 * measure. A multiply-add is one product and its sum. */
typedef struct wick_device_limits {
  uint32_t struct_size;
  uint32_t n_threads;           /* that took part; 0: not threads of the host */
  uint64_t read_bytes;          /* from memory, far more than caches hold */
  uint64_t int8_macs;           /* of 8-bit integers, sums in 32 bits */
  uint64_t f16_macs, bf16_macs; /* of 16-bit floats, sums in 16 or 32 bits */
  uint64_t f32_macs;
  wick_str description; /* by which instructions, for people: "vpdpbusd zmm, vdpbf16ps zmm" */
} wick_device_limits;

#define WICK_USE_MATMUL 1u
#define WICK_USE_EMBED 2u
#define WICK_USE_VECTOR 4u /* norms, biases, factors, kernels of a convolution: kept in f32 */

/* Of which file weights are, for a device that keeps packed ones for the next start. */
typedef struct wick_weight_origin {
  uint32_t struct_size;
  uint32_t n_weights; /* that the load creates on this device, all with this origin */
  /* Equal where the values of all weights are: at most 100 of a-z, 0-9 and '-'. It does not tell
   * by which plugins the file is read. */
  wick_str content;
} wick_weight_origin;

typedef struct wick_weight wick_weight;
typedef struct wick_weight_desc {
  uint32_t struct_size;
  uint32_t use; /* WICK_USE_*, or-ed: a tied embedding has two uses and is stored once */
  wick_str name;
  uint64_t n_rows, n_cols;
  const wick_storage_class* storage; /* null: plain */
  uint32_t plain_type;               /* WICK_TYPE_*, where storage is null */
  uint32_t reserved;
  const wick_weight_origin* origin; /* null: not known, or not wanted by the device */
} wick_weight_desc;

typedef struct wick_weight_use { /* an array element: never grows */
  uint32_t value;                /* of the graph */
  uint32_t reserved;
  const wick_weight_desc* desc;
} wick_weight_use;

#define WICK_COMPILE_PRECISE 1u /* activations, state and accumulation in f32 */

/* A part of a model for one device, in numbers: nothing is allocated yet. */
typedef struct wick_segment_request {
  uint32_t struct_size;
  uint32_t flags; /* WICK_COMPILE_* */
  const wick_graph* graph;
  const wick_weight_use* weights;
  uint32_t n_weights;
  uint32_t max_tokens;  /* of one batch */
  uint32_t max_outputs; /* logits rows of one batch */
  uint32_t n_blocks;    /* state blocks that all sequences need together */
} wick_segment_request;

typedef struct wick_bytes {
  uint32_t struct_size;
  uint32_t reserved;
  uint64_t weights, state, activations, staging;
} wick_bytes;

typedef struct wick_weight_binding { /* an array element: never grows */
  uint32_t value;
  uint32_t reserved;
  wick_weight* weight;
} wick_weight_binding;

typedef struct wick_plan wick_plan;
typedef struct wick_compile_request {
  uint32_t struct_size;
  uint32_t flags;
  const wick_graph* graph; /* lives for the call only */
  const wick_weight_binding* weights;
  uint32_t n_weights;
  uint32_t max_tokens;
  uint32_t max_outputs;
  uint32_t reserved;
} wick_compile_request;

typedef struct wick_state wick_state;
typedef struct wick_buffer wick_buffer;
typedef struct wick_fence wick_fence;

typedef struct wick_buffer_binding { /* an array element: never grows */
  uint32_t value; /* an input, or an output of the graph: [rows of the batch, width] f32 */
  uint32_t reserved;
  wick_buffer* buffer;
} wick_buffer_binding;

typedef struct wick_bindings {
  uint32_t struct_size;
  uint32_t n_buffers;
  const wick_batch* batch; /* lives until the fence has passed, with all it points to */
  const wick_buffer_binding* buffers;
  wick_state* state; /* null for a graph without states */
} wick_bindings;

#define WICK_SUPPORT_NONE 0u
#define WICK_SUPPORT_WIDENED 1u /* works, through a wider storage class */
#define WICK_SUPPORT_NATIVE 2u

typedef struct wick_backend_v1 {
  uint32_t struct_size;
  uint32_t reserved;
  wick_code (*device_count)(void* self, uint32_t* n, wick_error*) WICK_NOEXCEPT;
  wick_code (*device_info)(void* self, uint32_t device, wick_device_info* info,
                           wick_error*) WICK_NOEXCEPT;
  /* WICK_SUPPORT_* for an op, with weights of that storage class (null: plain_type, or an op
   * without weights). */
  wick_code (*supports)(void* self, uint32_t device, wick_str op, const wick_storage_class* storage,
                        uint32_t plain_type, uint32_t* support, wick_error*) WICK_NOEXCEPT;
  wick_code (*estimate)(void* self, uint32_t device, const wick_segment_request*, wick_bytes*,
                        wick_error*) WICK_NOEXCEPT;

  /* Weights: create, put every row once (from any thread, tiles that start at multiples of
   * row_tile), finish. put takes columns first_col .. first_col + tile->n_cols, first_col being a
   * multiple of the class's super_values. put_plain takes whole rows of the plain type, contiguous.
   */
  wick_code (*weight_create)(void* self, uint32_t device, const wick_weight_desc*, wick_weight**,
                             wick_error*) WICK_NOEXCEPT;
  wick_code (*weight_put)(void* self, wick_weight*, uint64_t first_row, uint64_t first_col,
                          const wick_unpacked* tile, wick_error*) WICK_NOEXCEPT;
  wick_code (*weight_put_plain)(void* self, wick_weight*, uint64_t first_row, uint64_t n_rows,
                                const void* rows, wick_error*) WICK_NOEXCEPT;
  wick_code (*weight_finish)(void* self, wick_weight*, wick_error*) WICK_NOEXCEPT;
  uint64_t (*weight_bytes)(void* self, const wick_weight*) WICK_NOEXCEPT; /* really allocated */
  void (*weight_free)(void* self, wick_weight*) WICK_NOEXCEPT;

  /* State of all layers of a graph, in blocks of WICK_BLOCK_TOKENS tokens that the host hands out:
   * it counts their users, shares full ones between sequences, and copies one before it is written
   * by a second user. */
  wick_code (*state_create)(void* self, uint32_t device, const wick_graph*, uint32_t flags,
                            wick_state**, wick_error*) WICK_NOEXCEPT;
  wick_code (*state_resize)(void* self, wick_state*, uint32_t n_blocks,
                            wick_error*) WICK_NOEXCEPT; /* keeps contents */
  wick_code (*state_copy)(void* self, wick_state*, uint32_t from_block, uint32_t to_block,
                          wick_error*) WICK_NOEXCEPT;
  uint64_t (*state_block_bytes)(void* self, const wick_state*)
      WICK_NOEXCEPT; /* of one block in read and write */
  wick_code (*state_read)(void* self, wick_state*, uint32_t block, void* bytes,
                          wick_error*) WICK_NOEXCEPT;
  wick_code (*state_write)(void* self, wick_state*, uint32_t block, const void* bytes,
                           wick_error*) WICK_NOEXCEPT;
  void (*state_free)(void* self, wick_state*) WICK_NOEXCEPT;

  wick_code (*buffer_create)(void* self, uint32_t device, uint64_t n_bytes, wick_buffer**,
                             wick_error*) WICK_NOEXCEPT;
  /* A buffer over the host's own memory, whole pages that stay the host's. Null where no device
   * can; WICK_UNAVAILABLE where this one cannot, or not this memory: the host copies then. */
  wick_code (*buffer_import)(void* self, uint32_t device, void* bytes, uint64_t n_bytes,
                             wick_buffer**, wick_error*) WICK_NOEXCEPT;
  wick_code (*buffer_write)(void* self, wick_buffer*, uint64_t offset, const void* bytes,
                            uint64_t n_bytes, wick_fence**, wick_error*) WICK_NOEXCEPT;
  wick_code (*buffer_read)(void* self, wick_buffer*, uint64_t offset, void* bytes, uint64_t n_bytes,
                           wick_fence**, wick_error*) WICK_NOEXCEPT;
  void (*buffer_free)(void* self, wick_buffer*) WICK_NOEXCEPT;

  wick_code (*compile)(void* self, uint32_t device, const wick_compile_request*, wick_plan**,
                       wick_error*) WICK_NOEXCEPT;
  /* A null fence pointer means: return when it is done. Otherwise *fence may be set to null, if it
   * is done already. */
  wick_code (*run)(void* self, wick_plan*, const wick_bindings*, wick_fence**,
                   wick_error*) WICK_NOEXCEPT;
  void (*plan_free)(void* self, wick_plan*) WICK_NOEXCEPT;
  wick_code (*fence_wait)(void* self, wick_fence*,
                          wick_error*) WICK_NOEXCEPT;               /* waits, then frees it */
  const void* (*extension)(void* self, wick_str name)WICK_NOEXCEPT; /* may be null */
  /* Measures the device while nothing else runs on it, in about a second. n_threads: of the host's
   * pool, 0 for all. May be null. */
  wick_code (*measure_limits)(void* self, uint32_t device, uint32_t n_threads,
                              wick_device_limits* limits, wick_error*) WICK_NOEXCEPT;
  /* 1 for a weight that weight_create has filled, from what was kept of an earlier start: nothing
   * is put, weight_finish follows. Otherwise 0. May be null. */
  uint32_t (*weight_is_filled)(void* self, const wick_weight*) WICK_NOEXCEPT;
} wick_backend_v1;

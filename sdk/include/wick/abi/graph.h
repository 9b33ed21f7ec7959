/* A graph as a backend reads it: a list of nodes in an order that can be executed, over values.
 *
 * An activation is a matrix [rows, width] of f32 in meaning (a backend may hold it otherwise); rows
 * are the tokens of the batch, or the rows whose logits are wanted. The batch itself (token ids,
 * positions, sequences) is no value: `embed`, `rope`, `attention`, `short_conv` and `select_rows`
 * read it from the bindings. docs/ops.md lists every op, its inputs and attributes; heads are
 * consecutive parts of a row. */
#pragma once

#include <wick/abi/base.h>

#define WICK_DIM_TOKENS (-1)
#define WICK_DIM_OUTPUTS (-2)

#define WICK_VALUE_ACTIVATION 0u
#define WICK_VALUE_WEIGHT 1u
#define WICK_VALUE_INPUT                                                  \
  2u /* an activation that comes from another segment, or from the caller \
      */

typedef struct wick_graph wick_graph;

typedef struct wick_value_info {
  uint32_t struct_size;
  uint32_t kind;
  wick_str name;      /* of weights, inputs and outputs; else empty */
  uint32_t n_dims;    /* activations: 2 */
  uint32_t is_output; /* 1: the caller wants it, a buffer is bound to it */
  int64_t dims[4];    /* outermost first; WICK_DIM_* only in dims[0] of an activation */
} wick_value_info;

typedef struct wick_node_info {
  uint32_t struct_size;
  uint32_t output; /* the value that it makes */
  wick_str op;     /* "matmul@1" */
  uint32_t n_inputs;
  int32_t layer;          /* -1: before or behind the layers */
  const uint32_t* inputs; /* values; WICK_NONE where an optional input is absent */
  uint32_t state;         /* index, or WICK_NONE */
  uint32_t reserved;
} wick_node_info;

/* What a layer keeps between tokens.
 *   "kv"    a = n_kv_heads, b = head_dim (of keys), c = value_dim: keys and values of each token
 *   "conv"  a = width, b = channels: the last width - 1 inputs */
typedef struct wick_state_info {
  uint32_t struct_size;
  int32_t layer;
  wick_str kind;
  uint64_t a, b, c;
} wick_state_info;

typedef struct wick_graph_api {
  uint32_t struct_size;
  uint32_t reserved;
  void (*counts)(const wick_graph*, uint32_t* n_values, uint32_t* n_nodes,
                 uint32_t* n_states) WICK_NOEXCEPT;
  wick_code (*value)(const wick_graph*, uint32_t index, wick_value_info* info) WICK_NOEXCEPT;
  wick_code (*node)(const wick_graph*, uint32_t index, wick_node_info* info) WICK_NOEXCEPT;
  wick_code (*state)(const wick_graph*, uint32_t index, wick_state_info* info) WICK_NOEXCEPT;
  /* Attributes of a node; WICK_NOT_FOUND where it has none of that name. */
  wick_code (*attribute_i64)(const wick_graph*, uint32_t node, wick_str name,
                             int64_t* value) WICK_NOEXCEPT;
  wick_code (*attribute_f64)(const wick_graph*, uint32_t node, wick_str name,
                             double* value) WICK_NOEXCEPT;
} wick_graph_api;

/* One step of work: tokens in runs. A run is contiguous tokens of one sequence. */
typedef struct wick_run { /* an array element: never grows */
  uint32_t sequence;      /* for messages only */
  uint32_t first_token;   /* index in the batch */
  uint32_t n_tokens;
  uint32_t first_position;
  uint32_t n_blocks; /* ceil((first_position + n_tokens) / WICK_BLOCK_TOKENS) */
  uint32_t reserved;
  const uint32_t*
      blocks; /* [n_blocks] state blocks: position p lives in blocks[p / WICK_BLOCK_TOKENS] */
} wick_run;

/* Tokens a state block holds. Besides its keys and values a block keeps every "conv" state as it is
 * behind the last token that was written into the block: a run that starts at position p > 0 finds
 * its state in the block of position p - 1, and a run that crosses a border leaves the state of
 * that border in the block that ends there. */
#define WICK_BLOCK_TOKENS 32u

typedef struct wick_batch {
  uint32_t struct_size;
  uint32_t n_tokens;
  const int32_t* token_ids;  /* [n_tokens] */
  const uint32_t* positions; /* [n_tokens] */
  uint32_t n_runs;
  uint32_t n_outputs;
  const wick_run* runs;        /* [n_runs], in order, covering all tokens */
  const uint32_t* output_rows; /* [n_outputs] ascending tokens whose logits are wanted */
} wick_batch;

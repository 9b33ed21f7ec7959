/* Provider kind "arch": one model family. From the metadata of a file it reads a typed config,
 * lists the tensors that it needs, declares state, and writes the graph once; from a checkpoint's
 * config it makes that metadata. The provider's id is
 * the name in general.architecture. */
#pragma once

#include <wick/abi/graph.h>

/* The key-value part of a model file. Look-ups give WICK_OK, WICK_NOT_FOUND, or WICK_BAD_FILE where
 * the key has another type or a value that does not fit (integers of any width and sign fit where
 * their value does). */
typedef struct wick_metadata wick_metadata;
typedef struct wick_metadata_api {
  uint32_t struct_size;
  uint32_t reserved;
  wick_code (*get_i64)(const wick_metadata*, wick_str key, int64_t* value) WICK_NOEXCEPT;
  wick_code (*get_f64)(const wick_metadata*, wick_str key,
                       double* value) WICK_NOEXCEPT; /* integers widen */
  wick_code (*get_str)(const wick_metadata*, wick_str key,
                       wick_str* value) WICK_NOEXCEPT; /* lives as long as the file */
  /* Arrays: *n gets the length; at most capacity values are written. get_i64 of arrays takes
   * booleans too. */
  wick_code (*get_i64s)(const wick_metadata*, wick_str key, int64_t* values, uint64_t capacity,
                        uint64_t* n) WICK_NOEXCEPT;
  wick_code (*get_f64s)(const wick_metadata*, wick_str key, double* values, uint64_t capacity,
                        uint64_t* n) WICK_NOEXCEPT;
  wick_code (*get_bool)(const wick_metadata*, wick_str key, uint32_t* value) WICK_NOEXCEPT;
  /* Dimensions of a tensor of the file, outermost first; n_dims <= 4. */
  wick_code (*tensor)(const wick_metadata*, wick_str name, uint32_t* n_dims,
                      uint64_t dims[4]) WICK_NOEXCEPT;
} wick_metadata_api;

#define WICK_TENSOR_OPTIONAL 1u

typedef struct wick_tensor_decl {
  uint32_t struct_size;
  uint32_t flags;
  wick_str name;    /* in GGUF: "blk.3.attn_q.weight" */
  uint64_t dims[4]; /* outermost first */
  uint32_t n_dims;
  int32_t layer;   /* -1: none */
  wick_str role;   /* "attn_q", "token_embd", "norm": what recipes go by */
  wick_str source; /* its name in a Hugging Face checkpoint; may be empty */
  /* How the checkpoint's values become ours: "", "rope_interleave:N_HEADS" (rows are permuted) or
   * "rope_interleave:N_HEADS:N_ROTARY" (of each head only the first N_ROTARY), "squeeze"
   * (dimensions of 1 are dropped), "stack_experts" (`*` in source is an expert's number: their
   * tensors are stacked in order) */
  wick_str transform;
} wick_tensor_decl;

typedef wick_code (*wick_tensor_sink)(void* context, const wick_tensor_decl* decl) WICK_NOEXCEPT;

typedef struct wick_model_info {
  uint32_t struct_size;
  uint32_t n_layers;
  uint64_t context_length; /* trained */
  uint64_t vocab_size;
  uint64_t model_dim;
} wick_model_info;

#define WICK_ATTRIBUTE_I64 0u
#define WICK_ATTRIBUTE_F64 1u
typedef struct wick_attribute { /* an array element: never grows */
  wick_str name;
  uint32_t type;
  uint32_t reserved;
  int64_t i;
  double f;
} wick_attribute;

typedef struct wick_op_desc {
  uint32_t struct_size;
  uint32_t n_inputs;
  wick_str op;
  const uint32_t* inputs;
  const wick_attribute* attributes;
  uint32_t n_attributes;
  int32_t layer;
  uint32_t state;
  uint32_t reserved;
} wick_op_desc;

typedef struct wick_builder wick_builder;
typedef struct wick_builder_api {
  uint32_t struct_size;
  uint32_t reserved;
  /* A declared tensor as a value; *value is WICK_NONE where it is optional and the file has none.
   */
  wick_code (*weight)(wick_builder*, wick_str name, uint32_t* value, wick_error*) WICK_NOEXCEPT;
  /* Appends a node after the op's shape rule has passed. */
  wick_code (*op)(wick_builder*, const wick_op_desc*, uint32_t* value, wick_error*) WICK_NOEXCEPT;
  wick_code (*state)(wick_builder*, const wick_state_info*, uint32_t* index,
                     wick_error*) WICK_NOEXCEPT;
  wick_code (*output)(wick_builder*, uint32_t value, wick_str name,
                      wick_error*) WICK_NOEXCEPT; /* "logits" */
} wick_builder_api;

/* Where an architecture writes what it makes of a checkpoint's config: keys of the GGUF file, and
 * the few tensors that have no counterpart in the checkpoint. A call that does not give WICK_OK has
 * been understood by the host, whose sentence it becomes: return at once. */
typedef struct wick_config_sink {
  uint32_t struct_size;
  uint32_t reserved;
  void* context; /* first argument of the functions below */
  wick_code (*put_u32)(void* context, wick_str key, uint32_t value) WICK_NOEXCEPT;
  wick_code (*put_f32)(void* context, wick_str key, float value) WICK_NOEXCEPT;
  wick_code (*put_bool)(void* context, wick_str key, uint32_t value) WICK_NOEXCEPT;
  wick_code (*put_str)(void* context, wick_str key, wick_str value) WICK_NOEXCEPT;
  wick_code (*put_i32s)(void* context, wick_str key, const int32_t* values,
                        uint64_t n) WICK_NOEXCEPT;
  /* A tensor of one dimension, of f32: rope_freqs.weight. It must be declared, too. */
  wick_code (*put_vector)(void* context, wick_str name, const float* values,
                          uint64_t n) WICK_NOEXCEPT;
  /* The dimensions that open() will see of a tensor of the result, outermost first. */
  wick_code (*put_shape)(void* context, wick_str name, uint32_t n_dims,
                         const uint64_t* dims) WICK_NOEXCEPT;
  /* An optional tensor that the result must not have, though the checkpoint may: a tied output. */
  wick_code (*leave_out)(void* context, wick_str name) WICK_NOEXCEPT;
} wick_config_sink;

typedef struct wick_arch_v1 {
  uint32_t struct_size;
  uint32_t reserved;
  /* Reads and checks the config. *model is the plugin's; close() frees it. */
  wick_code (*open)(void* self, const wick_metadata*, void** model, wick_error*) WICK_NOEXCEPT;
  void (*close)(void* self, void* model) WICK_NOEXCEPT;
  wick_code (*info)(void* self, void* model, wick_model_info*, wick_error*) WICK_NOEXCEPT;
  wick_code (*tensors)(void* self, void* model, wick_tensor_sink sink, void* context,
                       wick_error*) WICK_NOEXCEPT;
  wick_code (*build)(void* self, void* model, wick_builder*, wick_error*) WICK_NOEXCEPT;
  const void* (*extension)(void* self, wick_str name)WICK_NOEXCEPT; /* may be null */
  /* Makes the keys of a GGUF file, all that open() needs, from a Hugging Face checkpoint; null:
   * this architecture converts none. config is its config.json: keys are joined by dots
   * ("rope_parameters.rope_theta"), elements of lists that are not all numbers are numbered
   * ("layer_types.0"), null is absent; tensor() gives shapes of the checkpoint. */
  wick_code (*convert)(void* self, const wick_metadata* config, const wick_config_sink* sink,
                       wick_error*) WICK_NOEXCEPT;
} wick_arch_v1;

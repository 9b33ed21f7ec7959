/* libwick's C API, C11: load a model, continue texts, quantize. For programs, and for bindings of
 * other languages. Not for plugins: their contract is wick/plugin_abi.h. C++ programs include
 * wick/wick.hpp, which is this with classes.
 *
 * Rules that hold for every function:
 *  - Handles are opaque. Who makes one frees it; the free functions take null, and any order is
 * right: a session keeps its model alive, a model its engine.
 *  - What fails returns a status other than WICK_STATUS_OK and, where `failure` is not null, stores
 * a wick_failure there, which the caller frees. On success nothing is stored, nor with
 * WICK_STATUS_NOT_FOUND, which is an answer. No exception and no longjmp crosses.
 *  - Pointers that are passed in are read during the call, and belong to the caller. Paths and
 * names are zero-terminated; texts have a size in bytes, and are UTF-8. Text that comes out is
 * zero-terminated too.
 *  - Results of varying length go to memory of the caller: as much as `capacity` holds is written,
 * without a final zero, and *n says how much there is in all. With capacity 0 the pointer may be
 * null.
 *  - Structs start with struct_size, which says what the caller was compiled with; fill them with
 * their _init function. They grow at the end only. A struct that is an array element, and says so,
 * never grows.
 *  - Threads: an engine, a model and its texts may be used by all at once. A session, or a
 * generation, belongs to one thread at a time, but for cancelling. Sessions of one model take
 * turns, a batch of tokens each.
 *  - A callback runs on the thread that made the call, and must not throw or jump out. */
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define WICK_API __attribute__((visibility("default")))

/* "0.1.0", of the library that was loaded. Static. */
WICK_API const char* wick_version(void);

/* ---- Failures ---- */

typedef int32_t wick_status; /* the numbers of wick::ErrorCode (wick/error.h) */
#define WICK_STATUS_OK 0
#define WICK_STATUS_INTERNAL 1 /* a bug of ours or of a plugin */
#define WICK_STATUS_USAGE                                                \
  2 /* an option that cannot be: a number out of range, a malformed name \
     */
#define WICK_STATUS_UNAVAILABLE 3   /* no plugin, device, driver or capability for what was asked */
#define WICK_STATUS_BAD_FILE 4      /* malformed content of a file */
#define WICK_STATUS_MISSING_FILE 5  /* a file that is not there or cannot be opened */
#define WICK_STATUS_BAD_SHAPE 6     /* dimensions that do not go together */
#define WICK_STATUS_BAD_ARGUMENT 7  /* a call that breaks the contract of the function */
#define WICK_STATUS_OUT_OF_MEMORY 8 /* host or device memory is spent */
#define WICK_STATUS_CONTEXT_FULL 9  /* a session reached its limit of tokens */
#define WICK_STATUS_CANCELLED 10    /* a callback, or wick_session_cancel, asked to stop */
#define WICK_STATUS_DEVICE_LOST 11  /* a device stopped answering */
#define WICK_STATUS_IO 12           /* reading or writing failed */
#define WICK_STATUS_INSECURE 13     /* a plugin file that others may write */
#define WICK_STATUS_INCOMPATIBLE 14 /* a plugin, or a caller, of another version */
#define WICK_STATUS_NOT_FOUND 100   /* what was looked up is not there */

typedef struct wick_failure wick_failure;

WICK_API wick_status wick_failure_status(const wick_failure* failure);
/* One sentence, what is wrong and what is needed. Lives as long as the failure, as does the hint.
 */
WICK_API const char* wick_failure_message(const wick_failure* failure);
/* What to do about it, where that is not part of the sentence; may be "". */
WICK_API const char* wick_failure_hint(const wick_failure* failure);
WICK_API void wick_failure_free(wick_failure* failure);

/* ---- The log: of the whole process ---- */

#define WICK_LOG_LEVEL_DEBUG 0u
#define WICK_LOG_LEVEL_INFO 1u /* at the start */
#define WICK_LOG_LEVEL_WARNING 2u
#define WICK_LOG_LEVEL_ERROR 3u
#define WICK_LOG_LEVEL_OFF 4u

/* `text` is a line without its end, valid during the call, which may come from any thread, one at a
 * time. */
typedef void (*wick_log_function)(void* context, uint32_t level, const char* text);
/* Lines below the level are dropped. A null function means standard error. When this returns, the
 * function that was set before is not called any more. Not from within a log function. */
WICK_API void wick_set_log(uint32_t level, wick_log_function function, void* context);

/* ---- Engine: the threads and the plugins. One is enough for a process ---- */

typedef struct wick_engine wick_engine;

typedef struct wick_plugin_option { /* an array element: never grows */
  const char* name;                 /* as `wick` calls it, without the dashes: "isa" */
  const char* value;                /* "1" for a switch */
} wick_plugin_option;

#define WICK_ENGINE_SAFE \
  1u /* the plugins of the system's folders only, and no device but the processor */
#define WICK_ENGINE_ALLOW_INSECURE 2u     /* also plugins that others could have written to */
#define WICK_ENGINE_NO_DEFAULT_FOLDERS 4u /* plugin_folders are all there are */

typedef struct wick_engine_options {
  uint32_t struct_size;
  uint32_t flags;
  uint32_t n_threads;        /* 0: as many as there are cores */
  uint32_t n_plugin_folders; /* sizes of the arrays below */
  uint32_t n_plugin_files;
  uint32_t n_disabled_plugins;
  uint32_t n_plugin_options;
  uint32_t reserved;                   /* 0 */
  const char* const* plugin_folders;   /* absolute; searched before the default ones */
  const char* const* plugin_files;     /* libraries or manifests, that come first and must load */
  const char* const* disabled_plugins; /* ids of plugins, as wick_plugin_row::plugin has them */
  const wick_plugin_option* plugin_options;
} wick_engine_options;

WICK_API void wick_engine_options_init(wick_engine_options* options, uint32_t struct_size);
/* Options may be null. Reads manifests; a plugin is loaded when it is needed. */
WICK_API wick_status wick_engine_create(const wick_engine_options* options, wick_engine** engine,
                                        wick_failure** failure);
WICK_API void wick_engine_free(wick_engine* engine);

/* A line of `wick plugins`. Strings are valid during the callback; "" where there is nothing to
 * say. */
typedef struct wick_plugin_row {
  uint32_t struct_size;
  uint32_t reserved;
  const char* kind;   /* "arch", "backend" or "quant" */
  const char* id;     /* what it offers: "cpu" */
  const char* plugin; /* its own id */
  const char* version;
  const char* state;    /* "loaded", "no-driver", ... */
  const char* sentence; /* why, or what it can do */
  const char* hint;     /* what to do */
  const char* path;
} wick_plugin_row;

typedef struct wick_device_row {
  uint32_t struct_size;
  uint32_t shares_host_memory;
  const char* backend; /* "cpu" */
  const char* entry;   /* what wick_load_options::backends takes: "cpu", "NAME:1" */
  const char* name;
  const char* description;
  uint64_t memory_total, memory_free; /* bytes; UINT64_MAX where nobody can tell */
} wick_device_row;

/* Tries every plugin, those with drivers in a child process; one that cannot be used is a row like
 * any other. */
WICK_API wick_status wick_engine_list_plugins(wick_engine* engine,
                                              void (*row)(void* context,
                                                          const wick_plugin_row* row),
                                              void* context, wick_failure** failure);
/* Devices of all backends that can be used. */
WICK_API wick_status wick_engine_list_devices(wick_engine* engine,
                                              void (*row)(void* context,
                                                          const wick_device_row* row),
                                              void* context, wick_failure** failure);

/* ---- Model: weights on devices, and a tokenizer ---- */

typedef struct wick_model wick_model;

typedef struct wick_device_number { /* an array element: never grows */
  const char* device;               /* an entry of wick_load_options::backends */
  uint64_t number;
} wick_device_number;

/* What is being done ("packing weights"), and the part of it that is done, 0 to 1. Anything but 0
 * ends the work with WICK_STATUS_CANCELLED. Must not call the engine. */
typedef int32_t (*wick_progress_function)(void* context, const char* what, double done);

#define WICK_LOAD_PRECISE 1u /* activations and state in float32 */

typedef struct wick_load_options {
  uint32_t struct_size;
  uint32_t flags;
  const char* path; /* a GGUF file, or any part of a split one; null: the model that is installed
                       with Wick */
  const char*
      backends; /* devices in order, with commas: "cpu"; null or "auto": the best there are */
  const wick_device_number* layers; /* how many a device takes */
  const wick_device_number* memory; /* bytes of a device at most */
  uint32_t n_layers, n_memory;
  uint32_t
      context; /* tokens of one session at most; 0: the smaller of the trained length and 4096 */
  uint32_t max_tokens;             /* of one batch; default 512 */
  wick_progress_function progress; /* may be null */
  void* progress_context;
} wick_load_options;

WICK_API void wick_load_options_init(wick_load_options* options, uint32_t struct_size);
/* Options may be null. A device that is named and cannot be used is an error. */
WICK_API wick_status wick_model_load(wick_engine* engine, const wick_load_options* options,
                                     wick_model** model, wick_failure** failure);
WICK_API void wick_model_free(wick_model* model);

/* Strings live as long as the model. */
typedef struct wick_model_facts {
  uint32_t struct_size;
  uint32_t n_layers;
  const char* architecture;
  const char* name;     /* "" where the file has none */
  const char* backends; /* in use, with commas */
  uint64_t vocab_size, model_dim;
  uint64_t n_parameters, file_bytes;
  uint64_t trained_context; /* tokens */
  uint32_t context;         /* tokens of one session at most */
  int32_t bos, eos;         /* -1 where there is none */
  uint32_t adds_bos;        /* whether WICK_TOKENIZE_BOS has an effect */
} wick_model_facts;

/* The caller sets struct_size; the rest is filled. */
WICK_API wick_status wick_model_describe(const wick_model* model, wick_model_facts* facts,
                                         wick_failure** failure);
/* The value of a key of the file ("tokenizer.chat_template"), as text: strings as they are, numbers
 * in decimal, true and false, arrays as JSON. WICK_STATUS_NOT_FOUND where the file has no such key.
 */
WICK_API wick_status wick_model_metadata(const wick_model* model, const char* key, char* text,
                                         uint64_t capacity, uint64_t* n, wick_failure** failure);
/* Keys by number, in the order of the file. WICK_STATUS_NOT_FOUND behind the last. */
WICK_API wick_status wick_model_metadata_key(const wick_model* model, uint64_t index, char* key,
                                             uint64_t capacity, uint64_t* n,
                                             wick_failure** failure);

#define WICK_TOKENIZE_BOS 1u     /* puts the begin token first, where the file asks for it */
#define WICK_TOKENIZE_SPECIAL 2u /* special tokens that are written out become their ids */
#define WICK_TEXT_SPECIAL 1u     /* special tokens show */

/* Text of any bytes; what is no UTF-8 becomes U+FFFD or byte tokens. `capacity` and *n in ids. */
WICK_API wick_status wick_model_tokenize(const wick_model* model, const char* text, uint64_t size,
                                         uint32_t flags, int32_t* ids, uint64_t capacity,
                                         uint64_t* n, wick_failure** failure);
WICK_API wick_status wick_model_detokenize(const wick_model* model, const int32_t* ids,
                                           uint64_t n_ids, uint32_t flags, char* text,
                                           uint64_t capacity, uint64_t* n, wick_failure** failure);
/* The bytes of one token, maybe part of a character. */
WICK_API wick_status wick_model_token_text(const wick_model* model, int32_t id, uint32_t flags,
                                           char* text, uint64_t capacity, uint64_t* n,
                                           wick_failure** failure);
/* 1 for a token that ends a text, else 0. */
WICK_API int32_t wick_model_is_end(const wick_model* model, int32_t id);

/* ---- Session: one text that grows, and its state on the devices ---- */

typedef struct wick_session wick_session;

WICK_API wick_status wick_session_create(wick_model* model, wick_session** session,
                                         wick_failure** failure);
/* A second session with the same tokens and logits; state is shared until one of them goes on. */
WICK_API wick_status wick_session_fork(wick_session* session, wick_session** fork,
                                       wick_failure** failure);
WICK_API void wick_session_free(wick_session* session);

/* Appends tokens and computes their state, in batches. `rows` is null, or gets the logits of each
 * token, [n_ids, vocab_size]. Where it fails the session is as it was. */
WICK_API wick_status wick_session_evaluate(wick_session* session, const int32_t* ids,
                                           uint64_t n_ids, float* rows, wick_failure** failure);
/* Of the last token [vocab_size], valid until the next call with this session; null where it has
 * none: at the start and behind wick_session_truncate. */
WICK_API const float* wick_session_logits(const wick_session* session);
/* The tokens so far; `capacity` and *n in ids. */
WICK_API wick_status wick_session_tokens(const wick_session* session, int32_t* ids,
                                         uint64_t capacity, uint64_t* n, wick_failure** failure);
/* Keeps the first n_ids tokens. */
WICK_API wick_status wick_session_truncate(wick_session* session, uint64_t n_ids,
                                           wick_failure** failure);
/* Ends what the session is doing, or what it does next, at the next batch. From any thread,
 * callback or signal handler. */
WICK_API void wick_session_cancel(wick_session* session);

/* ---- Generation: text behind a prompt, piece by piece ---- */

#define WICK_FINISH_NONE 0u /* it goes on */
#define WICK_FINISH_END_TOKEN 1u
#define WICK_FINISH_STOP_TEXT 2u
#define WICK_FINISH_LENGTH 3u  /* n_tokens */
#define WICK_FINISH_CONTEXT 4u /* the session is full */
#define WICK_FINISH_CANCELLED 5u
#define WICK_FINISH_FAILED 6u /* by what wick_generation_next said */

#define WICK_GENERATE_SPECIAL 1u /* special tokens show */

typedef struct wick_generate_options {
  uint32_t struct_size;
  uint32_t flags;
  int64_t n_tokens;   /* at most; default -1: until the text ends or the context is full */
  uint64_t seed;      /* the same seed gives the same text; default 0 */
  double temperature; /* default 0.8; 0: the likeliest token, always */
  double top_p, min_p, typical_p; /* defaults 0.95, 0.05, 1; 1, 0 and 1: off */
  double mirostat_tau; /* bits; default 0: off. Takes the place of top_k and of the three above */
  double mirostat_eta; /* default 0.1 */
  double repeat_penalty, frequency_penalty, presence_penalty; /* defaults 1, 0, 0: off */
  int32_t top_k;                                              /* default 40; 0: all */
  int32_t repeat_last;      /* tokens that penalties look back at; default 64; -1: all */
  const char* const* stops; /* texts that end it and do not show */
  uint64_t n_stops;
} wick_generate_options;

typedef struct wick_generation_stats {
  uint32_t struct_size;
  uint32_t finish;                         /* WICK_FINISH_... */
  uint64_t n_prompt, n_generated;          /* tokens, the end token included */
  double prompt_seconds, generate_seconds; /* until the first token could be drawn; from there on */
} wick_generation_stats;

typedef struct wick_generation wick_generation;

WICK_API void wick_generate_options_init(wick_generate_options* options, uint32_t struct_size);
/* Options may be null. The prompt, at least one token, is appended to the session by the first
 * wick_generation_next; then the session has every token that was drawn but the last. */
WICK_API wick_status wick_generation_create(wick_session* session, const int32_t* prompt,
                                            uint64_t n_prompt, const wick_generate_options* options,
                                            wick_generation** generation, wick_failure** failure);
WICK_API void wick_generation_free(wick_generation* generation);
/* *piece: whole UTF-8 characters, zero-terminated, of *size bytes, valid until the next call with
 * this generation; null at the end. Cancelling, and a context that fills up behind the prompt, are
 * ends like others. */
WICK_API wick_status wick_generation_next(wick_generation* generation, const char** piece,
                                          uint64_t* size, wick_failure** failure);
/* What was drawn so far, the last token included; `capacity` and *n in ids. */
WICK_API wick_status wick_generation_tokens(const wick_generation* generation, int32_t* ids,
                                            uint64_t capacity, uint64_t* n, wick_failure** failure);
/* The caller sets struct_size; the rest is filled. */
WICK_API wick_status wick_generation_describe(const wick_generation* generation,
                                              wick_generation_stats* stats, wick_failure** failure);

/* Anything but 0 ends the generation with WICK_FINISH_CANCELLED. */
typedef int32_t (*wick_piece_function)(void* context, const char* piece, uint64_t size);
/* A whole generation in one call. `stats` may be null. */
WICK_API wick_status wick_session_generate(wick_session* session, const int32_t* prompt,
                                           uint64_t n_prompt, const wick_generate_options* options,
                                           wick_piece_function piece, void* context,
                                           wick_generation_stats* stats, wick_failure** failure);

/* ---- Quantizing ---- */

#define WICK_QUANTIZE_PURE 1u            /* one type for all matrices, no recipe */
#define WICK_QUANTIZE_FORCE 2u           /* replaces a file that is there */
#define WICK_QUANTIZE_KEEP_SPLIT 4u      /* of a source in several parts makes as many */
#define WICK_QUANTIZE_ALLOW_NONFINITE 8u /* keeps NaN and infinity */

typedef struct wick_quantize_options {
  uint32_t struct_size;
  uint32_t flags;
  const char* source; /* a folder, a .safetensors file with its config beside it, or a GGUF file */
  const char* output; /* a GGUF file: appears whole or not at all */
  const char* type;   /* of matrices: a recipe, "F16", "BF16", a format; or null, and one of the two
                         targets */
  double target_bits; /* of a value of all tensors, on average; 0: no target */
  uint64_t target_bytes; /* of the file; 0: no target */
  const char*
      imatrix; /* what the values of matrices weigh: a file of `wick imatrix`; may be null */
  const char* imatrix_text; /* or a file with text that the source is run over; may be null */
  const char *output_type,
      *embedding_type;             /* of those two matrices, where they differ; may be null */
  wick_progress_function progress; /* may be null */
  void* progress_context;
} wick_quantize_options;

typedef struct wick_quantize_stats {
  uint32_t struct_size;
  uint32_t reserved;
  uint64_t n_tensors, n_values;
  uint64_t source_bytes, output_bytes; /* of tensors */
} wick_quantize_stats;

WICK_API void wick_quantize_options_init(wick_quantize_options* options, uint32_t struct_size);
/* `stats` may be null. */
WICK_API wick_status wick_quantize(wick_engine* engine, const wick_quantize_options* options,
                                   wick_quantize_stats* stats, wick_failure** failure);

#ifdef __cplusplus
}
#endif

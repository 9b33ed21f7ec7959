/* What the host gives to a plugin: log, options, registration, the thread pool, and the tables of
 * other headers. The table and all it points to live until after shutdown(). Every function may be
 * called from any thread, but register_provider only from init(). */
#pragma once

#include <wick/abi/base.h>

#define WICK_LOG_DEBUG 0u
#define WICK_LOG_INFO 1u
#define WICK_LOG_WARNING 2u
#define WICK_LOG_ERROR 3u

/* Something that a plugin offers: kind "backend", "arch" or "quant"; id as in the manifest; the
 * vtable is the struct of that kind (wick_backend_v1, wick_arch_v1, wick_format_v1) and starts with
 * its struct_size. */
typedef struct wick_provider {
  uint32_t struct_size;
  uint32_t reserved;
  wick_str kind;
  wick_str id;
  const void* vtable;
  void* self;
  void (*destroy)(void* self) WICK_NOEXCEPT; /* may be null */
} wick_provider;

/* Threads that run one parallel region together. */
typedef struct wick_team wick_team;
typedef void (*wick_region_body)(void* argument, wick_team* team, uint32_t thread,
                                 uint32_t n_threads) WICK_NOEXCEPT;

struct wick_graph_api;
struct wick_builder_api;
struct wick_metadata_api;

typedef struct wick_host_api {
  uint32_t struct_size;
  uint16_t abi_major, abi_minor;
  void* host; /* first argument of the functions below */

  void (*log)(void* host, uint32_t level, wick_str text) WICK_NOEXCEPT;
  /* Copies the value of a user's option into buffer, without a final zero; *size gets its full
   * length. WICK_NOT_FOUND where the user gave none. "cache-folder" is the host's own: an absolute
   * path of a folder for what a plugin can make again, where there is one. */
  wick_code (*option)(void* host, wick_str name, char* buffer, uint64_t capacity,
                      uint64_t* size) WICK_NOEXCEPT;
  wick_code (*register_provider)(void* host, const wick_provider* provider,
                                 wick_error* error) WICK_NOEXCEPT;

  /* The pool. region() runs body once on each of n_threads threads, the caller being thread 0, and
   * returns when all have; inside a region it runs body on the caller alone. barrier() returns when
   * every thread of the team called it. */
  uint32_t (*pool_threads)(void* host) WICK_NOEXCEPT;
  void (*pool_region)(void* host, wick_region_body body, void* argument) WICK_NOEXCEPT;
  void (*pool_barrier)(void* host, wick_team* team) WICK_NOEXCEPT;

  const struct wick_graph_api* graph;       /* for backends: wick/abi/graph.h */
  const struct wick_builder_api* builder;   /* for architectures: wick/abi/arch.h */
  const struct wick_metadata_api* metadata; /* for architectures: wick/abi/arch.h */
} wick_host_api;

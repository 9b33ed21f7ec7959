/* The plugin contract, C11: codes, strings, errors, struct sizes and the one exported symbol.
 *
 * Rules that hold for every struct of this folder:
 *  - Whoever fills a struct writes its size into struct_size (WICK_INIT); whoever reads it asks
 * WICK_HAS first.
 *  - Structs grow at the end only. A struct that is an array element, and says so, never grows.
 *  - Fixed-width integers; no bool, long, size_t or enum in a struct. Names (ops, formats) are
 * strings.
 *  - Who allocates frees. Strings from a plugin live until its provider is destroyed; those that
 * the host passes live for the call. No function throws: WICK_NOEXCEPT. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define WICK_ABI_MAJOR 1
#define WICK_ABI_MINOR 0

/* The oldest host that a plugin can live with; a plugin raises it when it cannot do without
 * something newer. */
#ifndef WICK_SDK_TARGET_MINOR
#define WICK_SDK_TARGET_MINOR 0
#endif

#ifdef __cplusplus
#define WICK_NOEXCEPT noexcept
#define WICK_EXTERN_C extern "C"
#else
#define WICK_NOEXCEPT
#define WICK_EXTERN_C extern
#endif
#define WICK_EXPORT __attribute__((visibility("default")))

/* Did the other side build with field f? And did it fill it? Both read struct_size of a pointer. */
#define WICK_HAS(p, f) \
  ((p)->struct_size >= (uint32_t)((const char*)(&(p)->f + 1) - (const char*)(const void*)(p)))
#define WICK_CAN(p, f) (WICK_HAS(p, f) && (p)->f)

typedef int32_t wick_code; /* the numbers of wick::ErrorCode (wick/error.h); 0 is success */
#define WICK_OK 0
#define WICK_INTERNAL 1
#define WICK_UNAVAILABLE 3
#define WICK_BAD_FILE 4
#define WICK_BAD_SHAPE 6
#define WICK_BAD_ARGUMENT 7
#define WICK_OUT_OF_MEMORY 8
#define WICK_CANCELLED 10
#define WICK_DEVICE_LOST 11
#define WICK_INCOMPATIBLE 14
#define WICK_NOT_FOUND 100 /* answer of a look-up, never an error of its own */

#define WICK_NONE 0xffffffffu   /* no value, state or index */
#define WICK_UNKNOWN UINT64_MAX /* a number of bytes that nobody can tell; never 0 for that */

typedef struct wick_str { /* an array element: never grows; not zero-terminated */
  const char* data;
  uint64_t size;
} wick_str;

/* Owned by the caller, filled by the callee when it returns anything but WICK_OK. One sentence, and
 * what to do. */
typedef struct wick_error {
  uint32_t struct_size;
  wick_code code;
  char message[480];
  char hint[256];
} wick_error;

struct wick_host_api;

#define WICK_PLUGIN_MAGIC 0x4b434957u /* "WICK" */

/* Constant-initialised: a host reads and checks all of it before it calls anything. */
typedef struct wick_plugin_header {
  uint32_t magic;
  uint32_t struct_size;
  uint16_t abi_major, abi_minor; /* of the headers that it was compiled with */
  uint16_t host_minor_min;       /* WICK_SDK_TARGET_MINOR */
  uint16_t flags;                /* 0 */
  const char* id;                /* "org.wick.quant" */
  const char* version;           /* "1.3.0" */
  const char* build;             /* compiler and date or revision, for reports; may be "" */
  wick_code (*init)(const struct wick_host_api* host, void** plugin,
                    wick_error* error) WICK_NOEXCEPT;
  void (*shutdown)(void* plugin) WICK_NOEXCEPT; /* join threads, drop driver handles; may be null */
} wick_plugin_header;

#define WICK_PLUGIN_SYMBOL "wick_plugin_v1"

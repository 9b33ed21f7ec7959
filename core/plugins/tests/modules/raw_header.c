/* A header with one field that is wrong, by macro. Its init must never be called. */
#include <wick/plugin_abi.h>

#include <stdlib.h>

#ifndef HEADER_MAGIC
#define HEADER_MAGIC WICK_PLUGIN_MAGIC
#endif
#ifndef HEADER_SIZE
#define HEADER_SIZE sizeof(wick_plugin_header)
#endif
#ifndef HEADER_MAJOR
#define HEADER_MAJOR WICK_ABI_MAJOR
#endif
#ifndef HEADER_SYMBOL
#define HEADER_SYMBOL wick_plugin_v1
#endif

static wick_code deadly_init(const wick_host_api* host, void** plugin, wick_error* error) {
  (void)host, (void)plugin, (void)error;
  abort();
}

extern WICK_EXPORT const wick_plugin_header HEADER_SYMBOL;
const wick_plugin_header HEADER_SYMBOL = {
    HEADER_MAGIC,      HEADER_SIZE, HEADER_MAJOR, WICK_ABI_MINOR, 0,   0,
    "org.test.plugin", "1.0.0",     "test",       deadly_init,    NULL};

/* A plugin of ABI 1.9 in C: every struct that it owns is longer than this host knows. */
#include <wick/plugin_abi.h>

#include <string.h>

typedef struct newer_header {
  wick_plugin_header old;
  const char* homepage;
  uint64_t more[4];
} newer_header;

typedef struct newer_format {
  wick_format_v1 old;
  void (*prefetch)(void* self, const void* blocks);
} newer_format;

typedef struct newer_provider {
  wick_provider old;
  wick_str description;
} newer_provider;

static wick_code decode(void* self, const void* blocks, uint64_t n_values, float* values,
                        wick_error* error) {
  (void)self, (void)error;
  for (uint64_t i = 0; i < n_values; ++i) values[i] = (float)((const uint8_t*)blocks)[i];
  return WICK_OK;
}

static wick_code unpack(void* self, const void* blocks, uint64_t row_bytes, wick_unpacked* tile,
                        wick_error* error) {
  (void)self, (void)blocks, (void)row_bytes, (void)tile, (void)error;
  return WICK_OK;
}

static wick_storage_class storage;
static newer_format format;

static wick_str str(const char* text) {
  wick_str s;
  s.data = text;
  s.size = strlen(text);
  return s;
}

static wick_code init(const wick_host_api* host, void** plugin, wick_error* error) {
  *plugin = NULL;
  storage.struct_size = sizeof storage;
  storage.code_bits = 8;
  storage.group_values = storage.super_values = 8;
  format.old.struct_size = sizeof format;
  format.old.gguf_type = 200;
  format.old.name = str("BYTES");
  format.old.block_values = format.old.block_bytes = 8;
  format.old.storage = &storage;
  format.old.decode = decode;
  format.old.unpack = unpack;
  newer_provider provider;
  memset(&provider, 0, sizeof provider);
  provider.old.struct_size = sizeof provider;
  provider.old.kind = str("quant");
  provider.old.id = str("BYTES");
  provider.old.vtable = &format;
  provider.description = str("bytes as they are");
  return host->register_provider(host->host, &provider.old, error);
}

extern WICK_EXPORT const newer_header wick_plugin_v1;
const newer_header wick_plugin_v1 = {{WICK_PLUGIN_MAGIC, sizeof(newer_header), WICK_ABI_MAJOR, 9, 0,
                                      0, "org.test.plugin", "1.0.0", "test", init, NULL},
                                     "https://example.org",
                                     {1, 2, 3, 4}};

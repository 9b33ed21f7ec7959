// Registers the same id twice.
#include "test_format.h"

#include <wick/sdk/plugin.h>

WICK_DEFINE_PLUGIN("org.test.plugin", "1.0.0", [](const wick::sdk::Host& host) {
  wick_test::register_bytes(host, "BYTES", 200);
  wick_test::register_bytes(host, "BYTES", 201);
})

// A plugin as it should be; also built with a floor above this host, and with a library that is
// gone.
#include "test_format.h"

#include <wick/sdk/plugin.h>

#ifdef WICK_TEST_CALL_GONE
extern "C" int wick_test_gone();
#else
static int wick_test_gone() {
  return 0;
}
#endif

WICK_DEFINE_PLUGIN("org.test.plugin", "1.0.0", [](const wick::sdk::Host& host) {
  static_cast<void>(wick_test_gone());
  wick_test::register_bytes(host, "BYTES", 200);
  wick_test::register_bytes(host, "org.test.local@1", WICK_NONE);
})

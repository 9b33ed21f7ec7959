// Throws something odd in init(); the SDK's guard turns it into a code.
#include <wick/sdk/plugin.h>

WICK_DEFINE_PLUGIN("org.test.plugin", "1.0.0", [](const wick::sdk::Host&) { throw 42; })

// FP4 as a plugin.
#include <wick/sdk/plugin.h>

#include "fp4.h"

WICK_DEFINE_PLUGIN("org.example.quant-fp4", WICK_PLUGIN_VERSION,
                   [](const wick::sdk::Host& host) { wick::sdk::register_format<fp4::Fp4>(host); })

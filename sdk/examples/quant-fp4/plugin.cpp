// NF4 as a plugin.
#include <wick/sdk/plugin.h>

#include "nf4.h"

WICK_DEFINE_PLUGIN("org.wick.quant-nf4", WICK_PLUGIN_VERSION,
                   [](const wick::sdk::Host& host) { wick::sdk::register_format<nf4::Nf4>(host); })

// The options that say how tokens are drawn.
#pragma once

#include "cli/arguments.h"
#include "generate/sampling_options.h"

namespace wick::cli {

OptionGroup sampling_option_group();

/// Without --seed, or with -1, the seed is random. Errors: kUsage.
SamplingOptions sampling_options(const Arguments& arguments);

}  // namespace wick::cli

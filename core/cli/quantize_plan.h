// What `wick quantize --dry-run` prints, and the options that set types of single tensors.
#pragma once

#include <string>

#include "cli/arguments.h"
#include "quantize/quantizer.h"

namespace wick::cli {

/// A line for each tensor and one for all.
std::string quantize_plan_text(const QuantizePlan& plan);

/// --tensor-type PATTERN=TYPE and the like. Errors: kUsage.
std::vector<OptionSpec> user_type_options();
UserTypes user_types(const Arguments& arguments);

}  // namespace wick::cli

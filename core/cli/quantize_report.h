// --report and --sweep of `wick quantize`. Not for what a report holds: see quality/.
#pragma once

#include <string>

#include "cli/arguments.h"
#include "quantize/quantizer.h"

namespace wick {
class Runtime;
}

namespace wick::cli {

/// --report --report-text --sweep --ctx
OptionGroup report_option_group();
/// Before anything is loaded: kUsage for options that need others. OUT.gguf and --type may be left
/// out with --sweep.
void check_report_options(const Arguments& arguments);
bool wants_report(const Arguments& arguments);

/// As quantize(), and writes the reports that were asked for. `options.output` empty: --sweep
/// alone. What it returns is of OUT.gguf; of the first file of a sweep where there is none.
QuantizeReport quantize_with_report(Runtime& runtime, const Arguments& arguments,
                                    const QuantizeOptions& options);

}  // namespace wick::cli

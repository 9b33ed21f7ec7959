// The options that commands share: which model, which plugins, how to run.
#pragma once

#include "cli/arguments.h"
#include "model/model.h"
#include "plugins/runtime_options.h"

namespace wick::cli {

OptionGroup plugin_option_group();
/// -m alone, for commands that only read the file.
OptionGroup file_option_group();
/// -m --backend --layers --memory --threads --affinity --ctx --precise, and what plugins are asked
/// to do: --isa and the like
OptionGroup model_option_group();
/// The same without -m, for commands that name models otherwise.
OptionGroup device_option_group();

/// What all of them say of plugins, --threads and --affinity. Errors: kUsage.
RuntimeOptions runtime_options(const Arguments& arguments);
/// Path, backends, layers, memory, context, precision. Nothing about progress.
ModelOptions model_options(const Arguments& arguments);
/// All of them but the path.
ModelOptions device_options(const Arguments& arguments);

}  // namespace wick::cli

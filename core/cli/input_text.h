// Texts that commands read: from an option, a file or standard input.
#pragma once

#include <string>

#include "cli/arguments.h"

namespace wick::cli {

/// -p and -f.
OptionGroup prompt_option_group();

/// The bytes of a file as they are; `-`: standard input. Errors: kMissingFile, kIo.
std::string read_text(const std::string& path);

enum class PromptNeed { kOptional, kRequired };
/// -p or -f. Both are kUsage; neither is an empty text, or kUsage where one is required.
std::string prompt_text(const Arguments& arguments, PromptNeed need);

}  // namespace wick::cli

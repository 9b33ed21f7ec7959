// What --help prints. Not the manual: see docs/user-guide.md.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "cli/arguments.h"

namespace wick::cli {

/// Of one command: usage, options by group, notes, exit codes.
std::string command_help(const CommandSyntax& syntax);

/// Of the program: its commands and the options that all take.
std::string program_help();

struct ExitCodeMeaning {
  int code;
  std::string_view meaning;
};
std::span<const ExitCodeMeaning> exit_codes();

/// "wick 0.1.0"
std::string version_text();

}  // namespace wick::cli

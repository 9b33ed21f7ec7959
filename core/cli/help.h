// What --help prints. Not the manual: see docs/user-guide.md.
#pragma once

#include <string>

#include "cli/arguments.h"

namespace wick::cli {

/// Of one command: usage, options by group, notes, exit codes.
std::string command_help(const CommandSyntax& syntax);

/// Of the program: its commands and the options that all take.
std::string program_help();

/// "wick 0.1.0"
std::string version_text();

}  // namespace wick::cli

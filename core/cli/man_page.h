// Manual pages, from the same descriptions as --help. Not for prose: that is docs/user-guide.md.
#pragma once

#include <string>
#include <string_view>

#include "cli/command.h"

namespace wick::cli {

/// The text as roff shows it letter by letter; `words` in backticks become bold.
std::string roff_text(std::string_view text);

/// Page 1 of one command, in roff's language. Without a date, so that two builds give the same.
std::string command_page(const Command& command);

/// Page 1 of the program.
std::string program_page();

}  // namespace wick::cli

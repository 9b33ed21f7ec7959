// The `wick` program: finds the command, runs it, and turns failures into a sentence and an exit
// code.
#pragma once

#include <string>
#include <vector>

namespace wick::cli {

/// `words`: the command line without the program's name. Never throws.
int run_program(const std::vector<std::string>& words);

}  // namespace wick::cli

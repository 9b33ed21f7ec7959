// The table of commands, in the order of the program's help.
#include "cli/command.h"

namespace wick::cli {

std::span<const Command> commands() {
  static constexpr Command kCommands[] = {
      {"tokenize", "shows a text as token ids", tokenize_syntax, run_tokenize},
      {"inspect", "shows what is in a model file", inspect_syntax, run_inspect},
  };
  return kCommands;
}

}  // namespace wick::cli

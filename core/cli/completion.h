// Which words may come next on a command line that is being typed. Not for shells' own languages:
// see completions/.
#pragma once

#include <string>
#include <vector>

#include "cli/value_words.h"

namespace wick::cli {

/// `words`: the line without the program's name; the last is the one that is being typed, and may
/// be empty. What is wrong with the words before is not asked.
Offered complete(const std::vector<std::string>& words);

/// For the scripts: a line `none`, `folders`, `files` or `files .gguf .json`, then a line
/// `WORD<TAB>about` each.
std::string offered_text(const Offered& offered);

}  // namespace wick::cli

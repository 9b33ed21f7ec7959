// What may stand where a value is wanted: names from the manifests of plugins, devices that an
// earlier start has seen, words and kinds of files from help's own names for values. Loads no
// plugin, so it asks no driver.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/arguments.h"
#include "plugins/runtime_options.h"

namespace wick::cli {

struct OfferedWord {
  std::string word;
  std::string about = {};  ///< one line, or nothing
};

/// What a shell is to offer.
struct Offered {
  enum class Files { kNone, kFolders, kAll, kWithSuffix };
  std::vector<OfferedWord> words{};
  Files files = Files::kNone;
  std::vector<std::string> suffixes{};  ///< of kWithSuffix: ".gguf"; folders are offered as well
};

/// By the value's name in help: FILE.gguf, DIR, MODEL, and words in lower case as they are, as in
/// md|json.
Offered offered_by_name(std::string_view value);

/// For an option of which `begun` is typed: its words begin with that.
Offered offered_for(const OptionSpec& option, const std::string& begun,
                    const RuntimeOptions& options);

/// Leaves those that begin with `begun`, in any case.
void keep_begun(std::vector<OfferedWord>& words, std::string_view begun);

}  // namespace wick::cli

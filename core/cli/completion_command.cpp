// `wick completion SHELL`: the script for a shell, and `wick complete WORDS`, which it asks.
#include <wick/error.h>

#include <limits>
#include <string_view>

#include "cli/command.h"
#include "cli/completion.h"
#include "cli/exit_codes.h"
#include "cli/model_options.h"
#include "cli/standard_output.h"
#include "cli/suggest.h"

namespace wick {

extern const std::string_view kBashCompletion, kZshCompletion, kFishCompletion;

namespace cli {
namespace {

struct Shell {
  std::string_view name;
  const std::string_view& script;
};

constexpr Shell kShells[] = {
    {"bash", kBashCompletion}, {"zsh", kZshCompletion}, {"fish", kFishCompletion}};

}  // namespace

CommandSyntax completion_syntax() {
  CommandSyntax syntax{"completion",
                       "completion bash|zsh|fish",
                       "Prints a script that makes a shell complete commands, options, files, "
                       "types, backends and plugins.",
                       {},
                       "SHELL",
                       {"An installed Wick needs none of this. Elsewhere, in this shell alone:",
                        "`source <(wick completion bash)` or `source <(wick completion zsh)`;",
                        "in fish: `wick completion fish | source`.",
                        "Names come from the manifests of plugins, devices from the last start; no "
                        "driver is asked."}};
  syntax.forms = {"bash|zsh|fish"};
  return syntax;
}

int run_completion(const Arguments& arguments) {
  const std::string name =
      arguments.positionals().empty() ? std::string() : arguments.positionals().front();
  std::vector<std::string> known;
  for (const Shell& shell : kShells) {
    known.emplace_back(shell.name);
    if (shell.name != name) continue;
    write_output(shell.script);
    return kExitDone;
  }
  fail(ErrorCode::kUsage, "completion: ",
       name.empty() ? "no shell" : "unknown shell '" + name + "'" + did_you_mean(name, known),
       ", need bash, zsh or fish");
}

CommandSyntax complete_syntax() {
  CommandSyntax syntax{"complete",
                       "complete -- WORDS",
                       "Tells which words may stand in the place of the last of WORDS.",
                       {},
                       "WORDS",
                       {"For the scripts of `wick completion`."}};
  syntax.n_positionals = std::numeric_limits<std::size_t>::max();
  return syntax;
}

int run_complete(const Arguments& arguments) {
  write_output(offered_text(complete(arguments.positionals())));
  return kExitDone;
}

}  // namespace cli
}  // namespace wick

// `wick plugins`: what there is, and why something cannot be used.
#include "plugins/diagnostics.h"
#include "plugins/runtime.h"

#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/model_options.h"
#include "cli/standard_output.h"

namespace wick::cli {

CommandSyntax plugins_syntax() {
  return {"plugins",
          "plugins [--why NAME] [options]",
          "Lists every plugin with its state, and what to do about those that cannot be used.",
          {{"Listing",
            {{"why", 0, "NAME", "tells all about one plugin, or about what offers NAME"},
             {"json", 0, "", "prints a JSON list"}}},
           plugin_option_group()},
          ""};
}

int run_plugins(const Arguments& arguments) {
  Runtime runtime(runtime_options(arguments));
  Registry& registry = runtime.registry();
  const bool as_json = arguments.has("json");
  if (arguments.has("why")) {
    const auto found = registry.why(arguments.text("why"));
    write_output(as_json ? why_json(found) : why_text(found));
  } else {
    const auto rows = registry.check_all();
    write_output(as_json ? plugins_json(rows) : plugins_text(rows));
  }
  return kExitDone;
}

}  // namespace wick::cli

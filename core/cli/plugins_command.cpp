// `wick plugins`: what there is, why something cannot be used, and what authors need.
#include "plugins/diagnostics.h"
#include "plugins/probe_cache.h"
#include "plugins/runtime.h"

#include <wick/error.h>

#include <algorithm>

#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/model_options.h"
#include "cli/plugins_check.h"
#include "cli/plugins_new.h"
#include "cli/standard_output.h"
#include "cli/suggest.h"

namespace wick::cli {
namespace {

void list_plugins(const Arguments& arguments) {
  const RuntimeOptions options = runtime_options(arguments);
  if (arguments.has("rescan")) forget_probes(options);
  Runtime runtime(options);
  Registry& registry = runtime.registry();
  const bool as_json = arguments.has("json");
  if (arguments.has("why")) {
    const auto found = registry.why(arguments.text("why"));
    write_output(as_json ? why_json(found) : why_text(found));
  } else {
    const auto rows = registry.check_all();
    write_output(as_json ? plugins_json(rows) : plugins_text(rows));
  }
}

void need_no_other_option(const Arguments& arguments, const std::vector<std::string>& own) {
  for (const char* option :
       {"why", "json", "rescan", "metadata", "plugin", "safe", "allow-insecure-plugins"})
    if (arguments.has(option) && std::find(own.begin(), own.end(), option) == own.end())
      fail(ErrorCode::kUsage, "plugins ", arguments.positionals()[0], ": takes no option '--",
           option, "'; see `wick plugins --help`");
}

int run_check(const Arguments& arguments) {
  const auto& words = arguments.positionals();
  if (words.size() != 2) fail(ErrorCode::kUsage, "plugins check: need one FILE.so");
  need_no_other_option(arguments, {"json", "metadata"});
  std::vector<std::string> options;
  if (arguments.has("json")) options.push_back("--json");
  if (arguments.has("metadata"))
    options.insert(options.end(), {"--metadata", arguments.text("metadata")});
  return check_plugin(words[1], options);
}

int run_new(const Arguments& arguments) {
  const auto& words = arguments.positionals();
  if (words.size() != 3)
    fail(ErrorCode::kUsage, "plugins new: need KIND and NAME, as in `plugins new arch my-models`");
  need_no_other_option(arguments, {});
  return make_plugin(words[1], words[2]);
}

}  // namespace

CommandSyntax plugins_syntax() {
  CommandSyntax syntax = {
      "plugins",
      "plugins [--why NAME] [options]\n"
      "       wick plugins check FILE.so [--json] [--metadata FILE]\n"
      "       wick plugins new KIND NAME",
      "Lists every plugin with its state, and what to do about those that cannot be used.\n"
      "`check` puts a plugin that was built through the SDK's conformance kit; exit code 1 where "
      "it "
      "fails.\n"
      "`new` makes a folder NAME with a plugin to start from; KIND is arch, backend or quant.",
      {{"Listing",
        {completing(Completes::kPluginNames,
                    {"why", 0, "NAME", "tells all about one plugin, or about what offers NAME"}),
         {"json", 0, "", "prints a JSON list; with `check`, an object"},
         {"rescan", 0, "", "forgets how drivers did in earlier starts, and tries them again"}}},
       {"Checking",
        {{"metadata", 0, "FILE", "JSON object of GGUF keys that an architecture needs"}}},
       plugin_option_group()},
      "`check FILE.so`, or `new KIND NAME`"};
  syntax.n_positionals = 3;
  syntax.examples = {{"wick plugins --why cpu", "all that is known of one name"},
                     {"wick plugins new quant my-format", "a folder to start a format from"}};
  syntax.forms = {"check FILE.so", "new arch|backend|quant NAME"};
  return syntax;
}

int run_plugins(const Arguments& arguments) {
  const auto& words = arguments.positionals();
  if (!words.empty() && words[0] == "check") return run_check(arguments);
  if (!words.empty() && words[0] == "new") return run_new(arguments);
  if (!words.empty())
    fail(ErrorCode::kUsage, "plugins: unknown word '", words[0], "'",
         did_you_mean(words[0], {"check", "new"}), ", need `check` or `new`, or options only");
  if (arguments.has("metadata"))
    fail(ErrorCode::kUsage, "plugins: option '--metadata' goes with `plugins check`");
  list_plugins(arguments);
  return kExitDone;
}

}  // namespace wick::cli

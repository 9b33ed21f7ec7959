// Help, laid out in two columns.
#include "cli/help.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/command.h"

namespace wick::cli {
namespace {

constexpr std::string_view kExitCodes =
    "Exit codes: 0 done; 2 wrong usage; 3 a device, architecture or tensor type that cannot be "
    "used;\n"
    "  4 a file that is missing or malformed; 130 interrupted; 1 anything else.\n";

std::string option_forms(const OptionSpec& option) {
  std::string forms =
      option.letter != 0 ? fmt::format("-{}, ", option.letter) : std::string("    ");
  forms += "--" + option.name;
  if (!option.value.empty()) forms += " " + option.value;
  return forms;
}

std::string group_text(const OptionGroup& group) {
  std::size_t width = 0;
  for (const OptionSpec& option : group.options)
    width = std::max(width, option_forms(option).size());
  std::string text = "\n" + group.title + ":\n";
  for (const OptionSpec& option : group.options)
    text += fmt::format("  {:<{}}  {}\n", option_forms(option), width, option.help);
  return text;
}

}  // namespace

std::string command_help(const CommandSyntax& syntax) {
  std::string text = fmt::format("Usage: wick {}\n\n{}\n", syntax.usage, syntax.summary);
  for (const OptionGroup& group : syntax.groups) text += group_text(group);
  text += "\n";
  for (const std::string& note : syntax.notes) text += note + "\n";
  if (!syntax.notes.empty()) text += "\n";
  return text + std::string(kExitCodes);
}

std::string program_help() {
  std::string text =
      "Usage: wick [-m MODEL] -p PROMPT [options]     the same as `wick run`\n"
      "       wick COMMAND [options]\n"
      "\nGenerates text with language models in GGUF files.\n\nCommands:\n";
  for (const Command& command : commands())
    text += fmt::format("  {:<11} {}\n", command.name, command.summary);
  text +=
      "\n`wick COMMAND --help` shows the options of one; `wick --version` shows the version.\n"
      "Without -m, commands use the small model that is installed with Wick.\n\n";
  return text + std::string(kExitCodes);
}

std::string version_text() {
  return "wick " WICK_VERSION "\n";
}

}  // namespace wick::cli

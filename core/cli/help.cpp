// Help, laid out in two columns.
#include "cli/help.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/command.h"
#include "cli/exit_codes.h"

namespace wick::cli {
namespace {

/// All but the last end in a semicolon; a line holds three.
std::string exit_codes_text() {
  std::string text = "Exit codes:";
  std::size_t n = 0;
  for (const ExitCodeMeaning& row : exit_codes()) {
    if (n++ > 0) text += n == 4 ? ";\n " : ";";
    text += fmt::format(" {} {}", row.code, row.meaning);
  }
  return text + ".\n";
}

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
  if (!syntax.examples.empty()) text += "Examples:\n";
  for (const Example& example : syntax.examples)
    text += fmt::format("  {}\n      {}\n", example.line, example.about);
  if (!syntax.examples.empty()) text += "\n";
  return text + exit_codes_text();
}

std::string program_help() {
  std::string text =
      "Usage: wick [-m MODEL] -p PROMPT [options]     the same as `wick run`\n"
      "       wick COMMAND [options]\n"
      "\nGenerates text with language models in GGUF files.\n\nCommands:\n";
  for (const Command& command : commands())
    if (!command.is_hidden) text += fmt::format("  {:<11} {}\n", command.name, command.summary);
  text +=
      "\n`wick COMMAND --help` shows the options of one; `wick --version` shows the version.\n"
      "Without -m, commands use the small model that is installed with Wick.\n\n";
  return text + exit_codes_text();
}

std::span<const ExitCodeMeaning> exit_codes() {
  static constexpr ExitCodeMeaning kMeanings[] = {
      {kExitDone, "done"},
      {kExitUsage, "wrong usage"},
      {kExitUnavailable, "a device, architecture or tensor type that cannot be used"},
      {kExitBadFile, "a file that is missing or malformed"},
      {kExitInterrupted, "interrupted"},
      {kExitFailed, "anything else"},
  };
  return kMeanings;
}

std::string version_text() {
  return "wick " WICK_VERSION "\n";
}

}  // namespace wick::cli

// Pages in the macros of man(7).
#include "cli/man_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "cli/help.h"

namespace wick::cli {
namespace {

struct Described {
  std::string_view name, about;
};

constexpr Described kEnvironment[] = {
    {"WICK_PLUGIN_PATH", "folders with plugins, absolute paths with `:` between, searched first"},
    {"WICK_SAFE", "anything but 0: as --safe, installed plugins and the processor only"},
    {"XDG_DATA_HOME", "the user's own plugins are in its folder wick; default: ~/.local/share"},
    {"XDG_CACHE_HOME", "what can be made again is kept in its folder wick; default: ~/.cache"},
};

constexpr Described kFiles[] = {
    {"PREFIX/lib/" WICK_PLUGIN_SUBDIR, "installed plugins and their manifests, beside libwick"},
    {"~/.local/share/" WICK_PLUGIN_SUBDIR, "the user's own"},
    {"PREFIX/share/wick/models/default.json", "which model commands use without -m"},
    {"~/.cache/wick", "how drivers did in earlier starts, compiled kernels, measured speeds"},
};

std::string upper(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return result;
}

std::string heading(std::string_view page) {
  return fmt::format(
      ".\\\" Made by the program from the descriptions of its options: edit those.\n"
      ".TH {} 1 \"\" \"{}\" \"Wick\"\n",
      roff_text(upper(page)), roff_text(version_text().substr(0, version_text().size() - 1)));
}

std::string section(std::string_view title) {
  return fmt::format(".SH {}\n", title);
}

std::string tagged(std::string_view tag, std::string_view text) {
  return fmt::format(".TP\n{}\n{}\n", tag, roff_text(text));
}

std::string option_entry(const OptionSpec& option) {
  std::string tag = option.letter != 0 ? fmt::format("\\fB\\-{}\\fR, ", option.letter) : "";
  tag += fmt::format("\\fB\\-\\-{}\\fR", roff_text(option.name));
  if (!option.value.empty()) tag += fmt::format(" \\fI{}\\fR", roff_text(option.value));
  return tagged(tag, option.help);
}

std::string table(std::string_view title, std::span<const Described> rows) {
  std::string text = section(title);
  for (const Described& row : rows)
    text += tagged(fmt::format("\\fB{}\\fR", roff_text(row.name)), row.about);
  return text;
}

std::string exit_status() {
  std::string text = section("EXIT STATUS");
  for (const ExitCodeMeaning& row : exit_codes())
    text += tagged(fmt::format("\\fB{}\\fR", row.code), row.meaning);
  return text;
}

/// Every page but `self`.
std::string see_also(std::string_view self) {
  std::string text = section("SEE ALSO");
  const auto add = [&](const std::string& page) {
    if (page == self) return;
    text += fmt::format(".BR {} (1),\n", roff_text(page));
  };
  add("wick");
  for (const Command& command : commands())
    if (!command.is_hidden) add(fmt::format("wick-{}", command.name));
  text.resize(text.size() - 2);
  return text + "\n";
}

std::string endings(std::string_view page) {
  return exit_status() + table("ENVIRONMENT", kEnvironment) + table("FILES", kFiles) +
         see_also(page);
}

/// Lines of one usage text, the first of which lacks "wick ".
std::string synopsis(const std::string& usage) {
  std::string text = section("SYNOPSIS");
  std::string rest = "wick " + usage;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::size_t begin = std::min(rest.find_first_not_of(' '), end);
    const std::string line = rest.substr(begin, end - begin);
    const std::size_t words = std::min(line.find(' ', 5), line.size());
    text += fmt::format("\\fB{}\\fR{}\n", roff_text(line.substr(0, words)),
                        roff_text(line.substr(words)));
    rest.erase(0, end + 1);
    if (!rest.empty()) text += ".br\n";
  }
  return text;
}

std::string paragraph(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : " ") + line;
  return text.empty() ? text : ".PP\n" + roff_text(text) + "\n";
}

std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

std::string examples(const CommandSyntax& syntax) {
  if (syntax.examples.empty()) return "";
  std::string text = section("EXAMPLES");
  for (const Example& example : syntax.examples)
    text += tagged(fmt::format("\\fB{}\\fR", roff_text(example.line)), example.about);
  return text;
}

}  // namespace

std::string roff_text(std::string_view text) {
  std::string result;
  if (!text.empty() && (text[0] == '.' || text[0] == '\'')) result = "\\&";
  bool is_bold = false;
  for (const char c : text) {
    switch (c) {
      case '\\':
        result += "\\e";
        break;
      case '-':
        result += "\\-";
        break;
      case '\'':
        result += "\\(aq";
        break;
      case '^':
        result += "\\(ha";
        break;
      case '~':
        result += "\\(ti";
        break;
      case '"':
        result += "\\(dq";
        break;
      case '`':
        is_bold = !is_bold;
        result += is_bold ? "\\fB" : "\\fR";
        break;
      default:
        result += c;
    }
  }
  return is_bold ? result + "\\fR" : result;
}

std::string command_page(const Command& command) {
  const CommandSyntax syntax = command.syntax();
  const std::string page = fmt::format("wick-{}", command.name);
  std::string text = heading(page) + section("NAME") +
                     fmt::format("{} \\- {}\n", roff_text(page), roff_text(command.summary));
  text += synopsis(syntax.usage) + section("DESCRIPTION") + roff_text(one_line(syntax.summary)) +
          "\n" + paragraph(syntax.notes) + section("OPTIONS");
  for (const OptionGroup& group : syntax.groups) {
    text += fmt::format(".SS {}\n", roff_text(group.title));
    for (const OptionSpec& option : group.options) text += option_entry(option);
  }
  if (!syntax.groups.empty()) text += ".SS Help\n";
  return text + option_entry(help_option()) + examples(syntax) + endings(page);
}

std::string program_page() {
  std::string text =
      heading("wick") + section("NAME") +
      "wick \\- generates text with language models in GGUF files, and makes such files\n" +
      synopsis("[-m MODEL] -p PROMPT [options]\nwick COMMAND [options]") + section("DESCRIPTION") +
      roff_text(
          "Devices, model architectures and weight formats are plugins: `wick plugins` shows "
          "those that are there. Without a command, `wick` does as `wick run`. Without -m, "
          "commands use the small model that is installed with Wick. Results go to standard "
          "output; progress, statistics and warnings to standard error.") +
      "\n" + section("COMMANDS");
  for (const Command& command : commands())
    if (!command.is_hidden)
      text += tagged(fmt::format("\\fBwick\\-{}\\fR(1)", command.name), command.summary);
  text += section("OPTIONS") + option_entry(help_option()) +
          option_entry({"version", 0, "", "shows the version"});
  return text + endings("wick");
}

}  // namespace wick::cli

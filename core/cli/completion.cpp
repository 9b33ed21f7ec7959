// Walks the words as the parser of arguments does, and stops where the last one stands.
#include "cli/completion.h"

#include <algorithm>
#include <span>

#include "cli/command.h"
#include "plugins/discovery.h"

namespace wick::cli {
namespace {

std::vector<OfferedWord> command_words() {
  std::vector<OfferedWord> words;
  for (const Command& command : commands())
    if (!command.is_hidden)
      words.push_back({std::string(command.name), std::string(command.summary)});
  words.push_back({"help", "shows the options of a command"});
  return words;
}

/// What the words before the last said.
struct Typed {
  std::vector<std::string> options;  ///< names
  std::vector<std::string> positionals;
  bool only_positionals = false;        ///< after `--`
  const OptionSpec* waiting = nullptr;  ///< the option whose value the last word is
  bool second_value = false;            ///< and that behind its "auto"
  RuntimeOptions runtime;               ///< what says which plugins there are
};

void note_value(Typed& typed, const OptionSpec& option, const std::string& value) {
  if (option.name == "plugin") typed.runtime.plugin_files.push_back(value);
}

void note_switch(Typed& typed, const OptionSpec& option) {
  if (option.name == "safe") typed.runtime.safe = true;
  if (option.name == "allow-insecure-plugins") typed.runtime.allow_insecure = true;
}

/// Takes an option's word and those of its values; returns the first that is left.
std::size_t take_option(const CommandSyntax& syntax, std::span<const std::string> words,
                        std::size_t at, Typed& typed) {
  const std::string& word = words[at++];
  const std::size_t equals = word.starts_with("--") ? word.find('=') : std::string::npos;
  const OptionSpec* const option = find_option(syntax, word.substr(0, equals));
  if (option == nullptr) return at;
  typed.options.push_back(option->name);
  if (option->value.empty()) {
    note_switch(typed, *option);
    return at;
  }
  std::string value = equals == std::string::npos ? "" : word.substr(equals + 1);
  if (equals == std::string::npos) {
    if (at == words.size()) {
      typed.waiting = option;
      return at;
    }
    value = words[at++];
  }
  note_value(typed, *option, value);
  if (option->takes_second.empty() || value != option->takes_second) return at;
  if (at < words.size()) return at + 1;
  typed.waiting = option;
  typed.second_value = true;
  return at;
}

Typed walk(const CommandSyntax& syntax, std::span<const std::string> words) {
  Typed typed;
  typed.runtime.safe = safe_mode_asked();
  for (std::size_t at = 0; at < words.size();) {
    const std::string& word = words[at];
    if (!typed.only_positionals && word.size() > 1 && word[0] == '-') {
      if (word == "--") {
        typed.only_positionals = true;
        ++at;
      } else {
        at = take_option(syntax, words, at, typed);
      }
    } else {
      typed.positionals.push_back(word);
      ++at;
    }
  }
  return typed;
}

Offered options_of(const CommandSyntax& syntax, const Typed& typed) {
  Offered offered;
  const auto add = [&](const OptionSpec& option) {
    const bool is_given =
        std::find(typed.options.begin(), typed.options.end(), option.name) != typed.options.end();
    if (option.repeatable || !is_given) offered.words.push_back({"--" + option.name, option.help});
  };
  for (const OptionGroup& group : syntax.groups)
    for (const OptionSpec& option : group.options) add(option);
  add(help_option());
  return offered;
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

/// Joins what the forms offer behind the positionals that are there.
Offered positional_of(const CommandSyntax& syntax, const std::vector<std::string>& before) {
  Offered offered;
  for (const std::string& form : syntax.forms) {
    const std::vector<std::string> parts = split(form);
    if (parts.size() <= before.size()) continue;
    bool fits = true;
    for (std::size_t i = 0; i < before.size(); ++i) {
      const auto words = offered_by_name(parts[i]).words;
      fits = fits && (words.empty() || std::any_of(words.begin(), words.end(), [&](const auto& w) {
                        return w.word == before[i];
                      }));
    }
    if (!fits) continue;
    const Offered one = offered_by_name(parts[before.size()]);
    offered.words.insert(offered.words.end(), one.words.begin(), one.words.end());
    if (one.files != Offered::Files::kNone) {
      offered.files = one.files;
      offered.suffixes = one.suffixes;
    }
  }
  return offered;
}

Offered value_of(const Typed& typed, const OptionSpec& option, const std::string& begun) {
  if (!typed.second_value) return offered_for(option, begun, typed.runtime);
  Offered offered;
  offered.files = Offered::Files::kAll;
  return offered;
}

/// `--name=begun`: whole words, as the shell has them.
Offered value_behind_equals(const CommandSyntax& syntax, const Typed& typed,
                            const std::string& last) {
  const std::size_t equals = last.find('=');
  const OptionSpec* const option = find_option(syntax, last.substr(0, equals));
  if (option == nullptr || option->value.empty()) return {};
  Offered offered = offered_for(*option, last.substr(equals + 1), typed.runtime);
  for (OfferedWord& word : offered.words) word.word = last.substr(0, equals + 1) + word.word;
  return offered;
}

Offered complete_in(const CommandSyntax& syntax, std::span<const std::string> words) {
  const std::string& last = words.back();
  const Typed typed = walk(syntax, words.first(words.size() - 1));
  if (typed.waiting != nullptr) return value_of(typed, *typed.waiting, last);
  if (!typed.only_positionals && last.starts_with("--") && last.find('=') != std::string::npos)
    return value_behind_equals(syntax, typed, last);
  if (!typed.only_positionals && last.starts_with("-")) {
    Offered offered = options_of(syntax, typed);
    keep_begun(offered.words, last);
    return offered;
  }
  Offered offered = positional_of(syntax, typed.positionals);
  // Where nothing but options can come, those are what was asked for.
  if (last.empty() && offered.words.empty() && offered.files == Offered::Files::kNone &&
      syntax.positional.empty() && !typed.only_positionals)
    offered = options_of(syntax, typed);
  keep_begun(offered.words, last);
  return offered;
}

}  // namespace

Offered complete(const std::vector<std::string>& words) {
  if (words.empty()) return complete({""});
  const std::string& first = words.front();
  const std::span<const std::string> all = words;
  Offered offered;
  if (first.starts_with("-")) {
    // The bare form is `run`.
    offered = complete_in(find_command("run")->syntax(), all);
    if (words.size() == 1) {
      std::vector<OfferedWord> own{{"--version", "shows the version"}};
      keep_begun(own, first);
      offered.words.insert(offered.words.end(), own.begin(), own.end());
    }
  } else if (words.size() == 1 || (first == "help" && words.size() == 2)) {
    offered.words = command_words();
    keep_begun(offered.words, words.back());
  } else if (const Command* const command = find_command(first); command && !command->is_hidden) {
    offered = complete_in(command->syntax(), all.subspan(1));
  }
  return offered;
}

std::string offered_text(const Offered& offered) {
  static constexpr std::string_view kKinds[] = {"none", "folders", "files", "files"};
  std::string text{kKinds[static_cast<std::size_t>(offered.files)]};
  for (const std::string& suffix : offered.suffixes) text += " " + suffix;
  text += "\n";
  for (const OfferedWord& word : offered.words) text += word.word + "\t" + word.about + "\n";
  return text;
}

}  // namespace wick::cli

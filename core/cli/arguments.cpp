// Boost.Program_options walks the words; which word is an option, and every sentence, is ours.
#include "cli/arguments.h"

#include <wick/error.h>

#include <boost/program_options.hpp>
#include <cctype>
#include <utility>

#include "cli/suggest.h"

namespace wick::cli {
namespace {

namespace po = boost::program_options;

[[noreturn]] void fail_unknown(const CommandSyntax& syntax, const std::string& word) {
  std::vector<std::string> known{"--help"};
  for (const OptionGroup& group : syntax.groups) {
    for (const OptionSpec& option : group.options) {
      known.push_back("--" + option.name);
      if (option.letter != 0) known.push_back(std::string{'-', option.letter});
    }
  }
  fail(ErrorCode::kUsage, syntax.name, ": unknown option '", word, "'", did_you_mean(word, known),
       "; see `wick ", syntax.name, " --help`");
}

struct SplitWord {
  std::string option;
  bool has_value = false;
  std::string value;
};

// `--name=value`, and `-n32`: a number that touches its letter. Other text behind a letter is a
// typing error more often than a value.
SplitWord split_word(const std::string& word) {
  if (word[1] == '-') {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos) return {word, false, {}};
    return {word.substr(0, equals), true, word.substr(equals + 1)};
  }
  if (word.size() > 2 && std::isdigit(static_cast<unsigned char>(word[2])) != 0)
    return {word.substr(0, 2), true, word.substr(2)};
  return {word, false, {}};
}

// Called by the parser with the words that are left. Values are taken as they are: a prompt may
// begin with a dash.
std::vector<po::option> take_option(const CommandSyntax& syntax, std::vector<std::string>& words) {
  const std::string word = words.front();
  if (word.size() < 2 || word[0] != '-' || word == "--") return {};
  SplitWord split = split_word(word);
  const OptionSpec* const spec = find_option(syntax, split.option);
  if (spec == nullptr) fail_unknown(syntax, word);
  words.erase(words.begin());
  po::option taken(spec->name, {});
  taken.original_tokens = {word};
  if (spec->value.empty()) {
    if (split.has_value)
      fail(ErrorCode::kUsage, syntax.name, ": option '", split.option, "' takes no value, got '",
           split.value, "'");
    return {taken};
  }
  if (!split.has_value) {
    if (words.empty())
      fail(ErrorCode::kUsage, syntax.name, ": option '", word, "' needs a value ", spec->value);
    split.value = words.front();
    words.erase(words.begin());
  }
  taken.value = {split.value};
  if (!spec->takes_second.empty() && split.value == spec->takes_second) {
    if (words.empty())
      fail(ErrorCode::kUsage, syntax.name, ": option '", word, " ", split.value,
           "' needs a second value, as in ", spec->value);
    taken.value.push_back(words.front());
    words.erase(words.begin());
  }
  return {taken};
}

po::options_description described(const CommandSyntax& syntax) {
  po::options_description result;
  result.add_options()(help_option().name.c_str(), "");
  for (const OptionGroup& group : syntax.groups) {
    for (const OptionSpec& option : group.options) {
      if (option.value.empty())
        result.add_options()(option.name.c_str(), "");
      else
        result.add_options()(option.name.c_str(), po::value<std::vector<std::string>>(), "");
    }
  }
  return result;
}

}  // namespace

const OptionSpec& help_option() {
  static const OptionSpec option{"help", 'h', "", "shows this"};
  return option;
}

const OptionSpec* find_option(const CommandSyntax& syntax, std::string_view word) {
  const auto is = [&](const OptionSpec& option) {
    const bool is_short = word.size() == 2 && option.letter != 0 && word[1] == option.letter;
    return is_short || word == "--" + option.name;
  };
  if (is(help_option())) return &help_option();
  for (const OptionGroup& group : syntax.groups)
    for (const OptionSpec& option : group.options)
      if (is(option)) return &option;
  return nullptr;
}

std::string Arguments::text(const std::string& name, const std::string& fallback) const {
  const auto found = values_.find(name);
  return found == values_.end() || found->second.empty() ? fallback : found->second.back();
}

std::vector<std::string> Arguments::texts(const std::string& name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::vector<std::string>() : found->second;
}

void Arguments::add(const std::string& name, const std::vector<std::string>& values) {
  std::vector<std::string>& all = values_[name];
  all.insert(all.end(), values.begin(), values.end());
}

Arguments parse_arguments(const CommandSyntax& syntax, const std::vector<std::string>& words) {
  const po::options_description description = described(syntax);
  Arguments arguments(syntax.name);
  const po::parsed_options parsed = po::command_line_parser(words)
                                        .options(description)
                                        .extra_style_parser([&](std::vector<std::string>& rest) {
                                          return take_option(syntax, rest);
                                        })
                                        .run();
  for (const po::option& option : parsed.options) {
    if (!option.string_key.empty()) {
      arguments.add(option.string_key, option.value);
      continue;
    }
    for (const std::string& word : option.value) arguments.add_positional(word);
  }
  const std::size_t most = syntax.positional.empty() ? 0 : syntax.n_positionals;
  if (arguments.positionals().size() > most && !arguments.has("help"))
    fail(ErrorCode::kUsage, syntax.name, ": unexpected argument '", arguments.positionals()[most],
         "', need ",
         most == 0   ? "options only"
         : most == 1 ? "one " + syntax.positional
                     : syntax.positional,
         "; see `wick ", syntax.name, " --help`");
  return arguments;
}

}  // namespace wick::cli

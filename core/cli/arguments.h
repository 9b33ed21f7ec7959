// What a command takes and what it was given. Not for what the values mean: see numbers.h.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wick::cli {

/// What shells offer for a value, where its name in help does not say it (see value_words.h).
enum class Completes {
  kByName,
  kFiles,
  kBackendList,   ///< "NAME,NAME:1", or "auto"
  kBackendItems,  ///< "NAME=..." with commas between
  kTypes,
  kTypeList,
  kTypeOfPattern,  ///< "PATTERN=TYPE"
  kPluginNames,
  kPluginOption,  ///< what manifests say that the option of this name may be
};

struct OptionSpec {
  std::string name;   ///< without dashes
  char letter = 0;    ///< its short form; 0: none
  std::string value;  ///< what help calls the value ("N"); empty: a switch
  std::string help;   ///< one line
  bool repeatable = false;
  std::string takes_second = {};  ///< the value that a second one follows: "auto" of "auto TEXT"
  Completes completes = Completes::kByName;
};

/// The option, with what shells offer for its value.
inline OptionSpec completing(Completes what, OptionSpec option) {
  option.completes = what;
  return option;
}

struct OptionGroup {
  std::string title;
  std::vector<OptionSpec> options;
};

struct Example {
  std::string line;   ///< "wick run -p Once"
  std::string about;  ///< what it does
};

struct CommandSyntax {
  std::string name;     ///< "run"
  std::string usage;    ///< what follows "wick ": "run [-m MODEL] [options]"
  std::string summary;  ///< one sentence
  std::vector<OptionGroup> groups;
  std::string positional;  ///< what the positional arguments are called: "one TEXT"; empty: none
  std::vector<std::string> notes = {};  ///< lines below the options
  std::size_t n_positionals = 1;        ///< at most, where there is one
  /// What positionals may be, for shells: "check FILE.so" is the word check, then a file.
  std::vector<std::string> forms = {};
  std::vector<Example> examples = {};
};

/// The options of one call. Of an option given twice the last counts, where it is not repeatable.
class Arguments {
 public:
  explicit Arguments(std::string command) : command_(std::move(command)) {}

  const std::string& command() const noexcept { return command_; }
  bool has(const std::string& name) const { return values_.count(name) != 0; }
  /// The last value; `fallback` where the option was not given.
  std::string text(const std::string& name, const std::string& fallback = {}) const;
  std::vector<std::string> texts(const std::string& name) const;
  const std::vector<std::string>& positionals() const noexcept { return positionals_; }

  void add(const std::string& name, const std::vector<std::string>& values);
  void add_positional(std::string value) { positionals_.push_back(std::move(value)); }

 private:
  std::string command_;
  std::map<std::string, std::vector<std::string>> values_;
  std::vector<std::string> positionals_;
};

/// What every command takes.
const OptionSpec& help_option();

/// The option that a word names, `-n` or `--n-predict`; null where there is none.
const OptionSpec* find_option(const CommandSyntax& syntax, std::string_view word);

/// Reads `words`, those behind the command's name. Every command takes --help besides its own
/// options. Errors: kUsage, for an unknown option (naming the closest), a missing value, too many
/// positionals.
Arguments parse_arguments(const CommandSyntax& syntax, const std::vector<std::string>& words);

}  // namespace wick::cli

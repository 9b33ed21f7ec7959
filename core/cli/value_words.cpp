// See value_words.h.
#include "cli/value_words.h"

#include <wick/error.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "plugins/discovery.h"
#include "plugins/known_plugins.h"
#include "plugins/probe_cache.h"
#include "quantize/recipe_file.h"
#include "quantize/weight_type.h"

namespace wick::cli {
namespace {

using Words = std::vector<OfferedWord>;

struct NamedFiles {
  std::string_view value;
  std::vector<std::string> suffixes;
};

const std::vector<NamedFiles>& named_files() {
  static const std::vector<NamedFiles> files{{"MODEL", {".gguf"}},
                                             {"SOURCE", {".gguf", ".safetensors", ".json"}}};
  return files;
}

bool is_word(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](unsigned char c) { return std::isupper(c) != 0; });
}

bool same_letter(char a, char b) {
  return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
}

bool begins_with(std::string_view word, std::string_view begun) {
  return word.size() >= begun.size() &&
         std::equal(begun.begin(), begun.end(), word.begin(), same_letter);
}

void add_files(Offered& offered, std::string_view name) {
  for (const NamedFiles& row : named_files()) {
    if (!name.starts_with(row.value)) continue;
    offered.files = Offered::Files::kWithSuffix;
    offered.suffixes = row.suffixes;
    return;
  }
  const std::size_t dot = name.find('.');
  if (dot != std::string_view::npos) {
    offered.files = Offered::Files::kWithSuffix;
    offered.suffixes = {std::string(name.substr(dot))};
  } else if (name == "FILE") {
    offered.files = Offered::Files::kAll;
  } else if (name == "DIR") {
    offered.files = Offered::Files::kFolders;
  }
}

std::string about(const Candidate& candidate) {
  return candidate.manifest->id + " " + candidate.manifest->version;
}

bool has_word(const Words& words, std::string_view word) {
  return std::any_of(words.begin(), words.end(),
                     [&](const OfferedWord& offered) { return offered.word == word; });
}

/// A driver's name for its device may hold anything.
std::string one_line(std::string text) {
  for (char& c : text)
    if (std::iscntrl(static_cast<unsigned char>(c)) != 0) c = ' ';
  return text;
}

/// Of plugins that nothing is known against, each id once.
Words provided(const std::string& kind, const RuntimeOptions& options) {
  Words words;
  std::set<std::string> seen;
  for (const Candidate& candidate : discover(options)) {
    if (candidate.state != PluginState::kAvailable || !candidate.manifest) continue;
    for (const Promise& promise : candidate.manifest->provides)
      if (promise.kind == kind && is_offered(promise, options) && seen.insert(promise.id).second)
        words.push_back({promise.id, about(candidate)});
  }
  return words;
}

/// Backends, and behind them "NAME:0" for each device that the last start has seen.
Words backends(const RuntimeOptions& options) {
  Words words = provided("backend", options);
  for (const Candidate& candidate : discover(options)) {
    if (candidate.state != PluginState::kAvailable || !needs_probe(candidate)) continue;
    const std::optional<ProbeReport> kept = recall_probe(candidate, options);
    if (!kept) continue;
    std::map<std::string, std::size_t> n_devices;
    for (const ProbedDevice& device : kept->devices) {
      const std::string number = std::to_string(n_devices[device.backend]++);
      if (has_word(words, device.backend))
        words.push_back({device.backend + ":" + number, one_line(device.name)});
    }
  }
  return words;
}

/// What the option may be, by the plugins that read it.
Words values_of(const std::string& option, const RuntimeOptions& options) {
  Words words;
  for (const Candidate& candidate : discover(options)) {
    if (candidate.state != PluginState::kAvailable || !candidate.manifest) continue;
    const auto found = candidate.manifest->options.find(option);
    if (found == candidate.manifest->options.end()) continue;
    for (const std::string& value : found->second)
      if (!has_word(words, value)) words.push_back({value, about(candidate)});
  }
  return words;
}

void add_recipes(Words& words, const std::string& path) {
  try {
    for (const Recipe& recipe : read_recipes(path).recipes)
      words.push_back({recipe.name, "recipe"});
  } catch (const Error&) {
    // Whoever quantizes is told; a shell that asks for words has no place for a sentence.
  }
}

Words types(const RuntimeOptions& options) {
  Words words;
  for (const std::string& name : plain_target_names()) words.push_back({name, "plain"});
  for (const Candidate& candidate : discover(options))
    if (candidate.state == PluginState::kAvailable && candidate.manifest &&
        !candidate.manifest->recipes.empty())
      add_recipes(words, candidate.file.parent_path() / candidate.manifest->recipes);
  std::set<std::string> seen;
  for (const OfferedWord& word : words) seen.insert(word.word);
  for (OfferedWord& word : provided("quant", options))
    if (seen.insert(word.word).second) words.push_back(std::move(word));
  return words;
}

/// What `wick plugins --why` knows: plugins, in whatever state, and what they offer.
Words plugin_names(const RuntimeOptions& options) {
  Words words;
  std::set<std::string> seen;
  const auto add = [&](const std::string& word, const std::string& text) {
    if (seen.insert(word).second) words.push_back({word, text});
  };
  for (const Candidate& candidate : discover(options)) {
    if (!candidate.manifest) continue;
    add(candidate.manifest->id, "plugin " + candidate.manifest->version);
    for (const Promise& promise : candidate.manifest->provides)
      add(promise.id, promise.kind + " of " + candidate.manifest->id);
  }
  for (const KnownPlugin& plugin : known_plugins()) {
    add(plugin.id, "not installed");
    for (const Promise& promise : plugin.provides)
      add(promise.id, promise.kind + ", not installed");
  }
  return words;
}

/// `begun` is a list with commas: its last item is completed, and what stands before is kept.
Words items_of_list(const std::string& begun, Words words) {
  const std::size_t comma = begun.rfind(',');
  if (comma == std::string::npos) return words;
  const std::string head = begun.substr(0, comma + 1);
  for (OfferedWord& word : words) word.word = head + word.word;
  return words;
}

Words with_equals(Words words) {
  for (OfferedWord& word : words) word.word += "=";
  return words;
}

Words types_of_pattern(const std::string& begun, const RuntimeOptions& options) {
  const std::size_t sign = begun.rfind('=');
  if (sign == std::string::npos) return {};
  Words words = types(options);
  for (OfferedWord& word : words) word.word = begun.substr(0, sign + 1) + word.word;
  return words;
}

Words backend_list(const std::string& begun, const RuntimeOptions& options) {
  Words words = items_of_list(begun, backends(options));
  if (begun.find(',') == std::string::npos) words.push_back({"auto", "chooses"});
  return words;
}

}  // namespace

void keep_begun(std::vector<OfferedWord>& words, std::string_view begun) {
  std::erase_if(words, [&](const OfferedWord& word) { return !begins_with(word.word, begun); });
}

Offered offered_by_name(std::string_view value) {
  Offered offered;
  while (!value.empty()) {
    const std::size_t bar = std::min(value.find('|'), value.size());
    const std::string_view name = value.substr(0, std::min(value.substr(0, bar).find(' '), bar));
    if (is_word(name))
      offered.words.push_back({std::string(name)});
    else
      add_files(offered, name);
    value.remove_prefix(std::min(bar + 1, value.size()));
  }
  return offered;
}

Offered offered_for(const OptionSpec& option, const std::string& begun,
                    const RuntimeOptions& options) {
  Offered offered;
  switch (option.completes) {
    case Completes::kByName:
      offered = offered_by_name(option.value);
      break;
    case Completes::kFiles:
      offered.files = Offered::Files::kAll;
      break;
    case Completes::kBackendList:
      offered.words = backend_list(begun, options);
      break;
    case Completes::kBackendItems:
      offered.words = with_equals(items_of_list(begun, backends(options)));
      break;
    case Completes::kTypes:
      offered.words = types(options);
      break;
    case Completes::kTypeList:
      offered.words = items_of_list(begun, types(options));
      break;
    case Completes::kTypeOfPattern:
      offered.words = types_of_pattern(begun, options);
      break;
    case Completes::kPluginNames:
      offered.words = plugin_names(options);
      break;
    case Completes::kPluginOption:
      offered.words = values_of(option.name, options);
      break;
  }
  keep_begun(offered.words, begun);
  return offered;
}

}  // namespace wick::cli

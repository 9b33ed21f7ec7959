// Each pattern sees one piece of the one before at a time, so that look-ahead ends at its border.
#include "text/pre_tokenizer.h"

#include <string>
#include <utility>

namespace wick {

PreTokenizer::PreTokenizer(const PreTokenizerRules& rules) {
  for (const std::string& pattern : rules.patterns) patterns_.emplace_back(pattern);
}

void PreTokenizer::split(std::string_view text, std::vector<std::string_view>& words) const {
  words.assign(text.empty() ? 0 : 1, text);
  std::vector<std::string_view> parts;
  for (const Regex& pattern : patterns_) {
    parts.clear();
    pattern.split(words, parts);
    std::swap(words, parts);
  }
}

}  // namespace wick

// Parts text into the words that byte-pair encoding works on. The rules are data:
// pre_tokenizers.json.
#pragma once

#include <string_view>
#include <vector>

#include "text/regex.h"
#include "text/text_data.h"

namespace wick {

/// Immutable; safe from any thread.
class PreTokenizer {
 public:
  explicit PreTokenizer(const PreTokenizerRules& rules);

  /// The words of `text`, which must be valid UTF-8, in order; joined they are the text.
  void split(std::string_view text, std::vector<std::string_view>& words) const;

 private:
  std::vector<Regex> patterns_;
};

}  // namespace wick

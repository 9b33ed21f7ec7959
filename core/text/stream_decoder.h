// Token ids to text as they come, in whole UTF-8 characters. Not for stop strings.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "text/tokenizer.h"

namespace wick {

/// Where the decoded text begins. At the start of a text the space that encode() put there is taken
/// away (once, from the first piece that shows); the continuation of a prompt keeps it, because
/// there it parts two words.
enum class TextPosition { kStart, kContinuation };

/// Turns ids into text. What push() returns, joined, is always whole UTF-8 characters: an
/// incomplete tail waits for the next id. Bytes that can no longer become a character turn into
/// U+FFFD. The tokenizer must outlive this. Not for two threads at once.
class StreamDecoder {
 public:
  StreamDecoder(const Tokenizer& tokenizer, SpecialText special, TextPosition position);

  /// The text that this token completes; often empty in the middle of a character.
  std::string push(std::int32_t id);
  /// The rest: U+FFFD if the text ended in the middle of a character, else nothing. Starts anew.
  std::string finish();

 private:
  const Tokenizer& tokenizer_;
  SpecialText special_;
  TextPosition position_;
  bool strip_space_;
  std::string pending_;  ///< at most 3 bytes: the start of a character
};

}  // namespace wick

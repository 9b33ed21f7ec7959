// Vocabularies made by hand, for tests that need no file.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "text/byte_encoding.h"
#include "text/vocabulary.h"

namespace wick {

/// Collects tokens; what build() returns owns their texts.
class SmallVocabulary {
 public:
  SmallVocabulary(std::string model, std::optional<std::string> pre) {
    data.model = std::move(model);
    data.pre = std::move(pre);
  }

  std::int32_t add(const std::string& text, TokenType type = TokenType::kNormal, float score = 0) {
    data.tokens.push_back(texts_->emplace_back(text));
    data.types.push_back(type);
    data.scores.push_back(score);
    return static_cast<std::int32_t>(data.tokens.size() - 1);
  }
  /// A merge of two texts in byte encoding, and the token that it makes.
  std::int32_t merge(const std::string& left, const std::string& right) {
    data.merges.push_back(texts_->emplace_back(left + " " + right));
    return add(left + right);
  }
  VocabularyData build() const {
    VocabularyData copy = data;
    copy.owner = texts_;
    return copy;
  }

  VocabularyData data;

 private:
  std::shared_ptr<std::deque<std::string>> texts_ = std::make_shared<std::deque<std::string>>();
};

/// Byte-level: the id of each of the 256 bytes is its value.
inline SmallVocabulary byte_vocabulary(std::optional<std::string> pre) {
  SmallVocabulary vocabulary("gpt2", std::move(pre));
  for (unsigned byte = 0; byte < 256; ++byte) {
    vocabulary.add(std::string(encoded_byte(static_cast<unsigned char>(byte))));
  }
  return vocabulary;
}

/// SPM: 0 <unk>, 1 <s>, 2 </s>, and with byte tokens 3 to 258.
inline SmallVocabulary piece_vocabulary(bool with_bytes) {
  SmallVocabulary vocabulary("llama", "default");
  vocabulary.add("<unk>", TokenType::kUnknown);
  vocabulary.add("<s>", TokenType::kControl);
  vocabulary.add("</s>", TokenType::kControl);
  for (unsigned byte = 0; with_bytes && byte < 256; ++byte) {
    constexpr char kDigits[] = "0123456789ABCDEF";
    vocabulary.add({'<', '0', 'x', kDigits[byte >> 4], kDigits[byte & 15], '>'}, TokenType::kByte);
  }
  return vocabulary;
}

}  // namespace wick

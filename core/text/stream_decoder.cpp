// Holds back at most the first bytes of one character.
#include "text/stream_decoder.h"

#include "text/utf8.h"

namespace wick {

StreamDecoder::StreamDecoder(const Tokenizer& tokenizer, SpecialText special, TextPosition position)
    : tokenizer_(tokenizer),
      special_(special),
      position_(position),
      strip_space_(position == TextPosition::kStart && tokenizer.adds_space_prefix()) {}

std::string StreamDecoder::push(std::int32_t id) {
  std::string piece = tokenizer_.piece(id, special_);
  const bool is_text = tokenizer_.type(id) != TokenType::kControl && !piece.empty();
  if (strip_space_ && is_text) {
    if (piece.front() == ' ') piece.erase(0, 1);
    strip_space_ = false;
  }
  pending_ += piece;
  std::string text;
  std::string_view rest = pending_;
  while (!rest.empty()) {
    const Utf8Front front = utf8_front(rest);
    if (front.kind == Utf8Kind::kIncomplete) break;
    text += front.kind == Utf8Kind::kCharacter ? rest.substr(0, front.n_bytes) : kReplacement;
    rest.remove_prefix(front.n_bytes);
  }
  pending_.erase(0, pending_.size() - rest.size());
  return text;
}

std::string StreamDecoder::finish() {
  std::string rest(pending_.empty() ? std::string_view() : kReplacement);
  pending_.clear();
  strip_space_ = position_ == TextPosition::kStart && tokenizer_.adds_space_prefix();
  return rest;
}

}  // namespace wick

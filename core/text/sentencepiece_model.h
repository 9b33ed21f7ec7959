// Reads tokenizer.model, the file of SentencePiece: pieces, scores, types. A protocol buffer, of
// which these few fields are wanted.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "text/vocabulary.h"

namespace wick {

struct SentencePieceModel {
  struct Piece {
    std::string text;
    float score = 0.0f;
    TokenType type = TokenType::kNormal;
  };
  std::vector<Piece> pieces;  ///< by id
  bool adds_space = true;     ///< before a text
};

/// `subject` opens sentences. Errors: kBadFile; kUnavailable for models that do not merge by score
/// (unigram, word, char).
SentencePieceModel parse_sentencepiece(std::span<const std::byte> bytes, std::string_view subject);

}  // namespace wick

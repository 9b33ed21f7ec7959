// SentencePiece by scores: characters, merged into the best scoring token first. Not for unigram
// models, which search for the best sum, nor for special tokens.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "text/text_encoder.h"
#include "text/token_table.h"
#include "text/vocabulary.h"

namespace wick {

class SentencePieceEncoder final : public TextEncoder {
 public:
  /// `data` and `tokens` must outlive this. `unk`: what stands for characters that neither a token
  /// nor byte tokens cover; without it they are left out. Throws Error (kBadFile) for no scores.
  SentencePieceEncoder(const VocabularyData& data, const TokenTable& tokens,
                       std::optional<std::int32_t> unk);

  void encode(std::string_view text, std::vector<std::int32_t>& ids) const override;
  std::string decode(std::string_view token_text) const override;

 private:
  struct Symbol;
  struct Candidate;
  struct Scratch;

  void consider(std::int32_t left, std::int32_t right, Scratch& scratch) const;
  void merge(Scratch& scratch) const;
  void append_ids(std::string_view symbol, std::vector<std::int32_t>& ids) const;

  const VocabularyData& data_;
  const TokenTable& tokens_;
  std::optional<std::int32_t> unk_;
  std::array<std::int32_t, 256> byte_tokens_;
};

}  // namespace wick

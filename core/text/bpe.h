// Byte-level byte-pair encoding: words of bytes, merged pair by pair. Not for special tokens.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "text/merge_table.h"
#include "text/pre_tokenizer.h"
#include "text/text_encoder.h"
#include "text/token_table.h"
#include "text/vocabulary.h"

namespace wick {

class BytePairEncoder final : public TextEncoder {
 public:
  /// `tokens` must outlive this. Throws Error (kBadFile) as MergeTable does, and for no merges.
  BytePairEncoder(const VocabularyData& data, const TokenTable& tokens,
                  const PreTokenizerRules& rules);

  /// Bytes that the vocabulary has no token for are left out, as other engines do.
  void encode(std::string_view text, std::vector<std::int32_t>& ids) const override;
  std::string decode(std::string_view token_text) const override;

 private:
  struct Scratch;

  void encode_word(std::string_view word, Scratch& scratch, std::vector<std::int32_t>& ids) const;
  std::int32_t whole_word(std::string_view word, Scratch& scratch) const;
  void merge(Scratch& scratch) const;
  void consider(std::int32_t left, std::int32_t right, Scratch& scratch) const;

  const TokenTable& tokens_;
  MergeTable merges_;
  PreTokenizer pre_tokenizer_;
  bool ignore_merges_;
  std::array<std::int32_t, 256> byte_tokens_;
};

}  // namespace wick

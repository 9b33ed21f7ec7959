// Text to token ids and back. Not for chat templates, which produce the text, nor for sampling.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "text/vocabulary.h"

namespace wick {

struct EncodeOptions {
  bool add_bos = true;  ///< put BOS first where the file's rules ask for it (Tokenizer::adds_bos)
  bool parse_special = true;  ///< control tokens written out in the text become their ids
  bool add_eos = false;  ///< put EOS last where the file's rules ask for it (Tokenizer::adds_eos)
};

/// Whether control tokens show as text in output. User-defined tokens always do.
enum class SpecialText { kHidden, kShown };

/// A vocabulary ready for use. Immutable after create(): every call is const and safe from any
/// thread.
class Tokenizer {
 public:
  /// Takes the data, whose views must stay valid (VocabularyData::owner). Throws Error: kBadFile
  /// for a vocabulary that contradicts itself, kUnavailable for a tokenizer family or pre-tokenizer
  /// that we do not know, naming it and those we do.
  static std::unique_ptr<Tokenizer> create(VocabularyData data, const WarningSink& warn = {});
  virtual ~Tokenizer() = default;

  /// Never fails on any bytes: what is not UTF-8 becomes U+FFFD (byte-level BPE) or byte tokens
  /// (SPM). Time grows as n log n with the text, whatever it holds.
  virtual std::vector<std::int32_t> encode(std::string_view text,
                                           const EncodeOptions& options = {}) const = 0;
  /// The bytes of one token, possibly part of a UTF-8 character. Empty for ids outside the
  /// vocabulary.
  virtual std::string piece(std::int32_t id, SpecialText special) const = 0;
  /// All pieces in order, as text: invalid bytes become U+FFFD, and the space that encode() put
  /// before the text is taken away.
  virtual std::string decode(const std::vector<std::int32_t>& ids, SpecialText special) const = 0;

  /// True if generation stops at this token.
  virtual bool is_end(std::int32_t id) const = 0;
  /// All end tokens, ascending.
  virtual const std::vector<std::int32_t>& end_tokens() const = 0;
  virtual TokenType type(std::int32_t id) const = 0;

  virtual std::optional<std::int32_t> bos() const = 0;
  virtual std::optional<std::int32_t> eos() const = 0;
  virtual std::optional<std::int32_t> pad() const = 0;
  /// The id whose text in the file is exactly this (a special token's, say).
  virtual std::optional<std::int32_t> find(std::string_view token_text) const = 0;
  /// File's key, or the tokenizer's default; false if there is no such token.
  virtual bool adds_bos() const = 0;
  virtual bool adds_eos() const = 0;
  /// Whether encode() puts a space before the text (SPM).
  virtual bool adds_space_prefix() const = 0;
  virtual std::int32_t vocab_size() const = 0;
};

}  // namespace wick

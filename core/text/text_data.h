// The JSON tables beside this file, embedded at build: names that the code must not know.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wick {

/// A family of tokenizers and what it does where a file is silent (tokenizer_models.json).
struct TokenizerFamily {
  std::string algorithm;  ///< `bpe` or `spm`
  bool add_bos = false;
  bool add_space_prefix = false;  ///< false: never, whatever the file says
  std::optional<std::int32_t> bos, eos, unk;
};

/// How a byte-level vocabulary parts text into words (pre_tokenizers.json).
struct PreTokenizerRules {
  /// Applied one behind the other, each to every piece that the one before left: a match is a
  /// piece, and so is what lies between two matches. PCRE2 syntax, over characters.
  std::vector<std::string> patterns;
  bool ignore_merges = false;  ///< a word that is a token is that token, whatever the merges say
  bool add_bos = false;        ///< where the file is silent
};

/// Tokens that end a generation by their text (end_tokens.json).
struct EndTokenTexts {
  struct Exception {
    std::string text;                ///< is no end ...
    std::vector<std::string> where;  ///< ... in a vocabulary that has all of these as end tokens
  };
  std::vector<std::string> texts;
  std::vector<Exception> exceptions;
};

/// Throws Error (kUnavailable) that starts with `subject`, names the unknown one and lists the
/// known.
TokenizerFamily tokenizer_family(std::string_view name, std::string_view subject);
PreTokenizerRules pre_tokenizer_rules(std::string_view name, std::string_view subject);
/// The name that stands in where a file gives none.
inline constexpr std::string_view kDefaultPreTokenizer = "default";

EndTokenTexts end_token_texts();

/// What the files of GGUF call a byte-level tokenizer of a checkpoint
/// (checkpoint_pre_tokenizers.json).
struct CheckpointNames {
  std::string model, pre;
};

/// The same of one of scored pieces (SentencePiece).
CheckpointNames checkpoint_piece_names();

/// `steps`: how tokenizer.json parts text: regular expressions as it writes them, "Digits" for each
/// digit apart, "ByteLevel" for that pre-tokenizer's own expression. Throws Error (kUnavailable).
CheckpointNames checkpoint_names(const std::vector<std::string>& steps, bool ignore_merges,
                                 std::string_view subject);

}  // namespace wick

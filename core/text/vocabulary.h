// A model file's tokenizer metadata, read and checked once. Not the tokenizer: see tokenizer.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wick {

class GgufFile;

/// What a token stands for. The numbers are those of GGUF's `tokenizer.ggml.token_type`.
enum class TokenType : std::uint8_t {
  kUndefined = 0,
  kNormal = 1,
  kUnknown = 2,
  kControl = 3,      ///< parsed only on request, hidden in output
  kUserDefined = 4,  ///< always parsed, always shown
  kUnused = 5,
  kByte = 6,  ///< text `<0xNN>` stands for one byte
};

/// Receives one sentence, without a newline, for each thing that is odd but usable. May be empty.
using WarningSink = std::function<void(const std::string& sentence)>;

/// A vocabulary as the file gives it. Token ids are positions in `tokens`.
///
/// The views point into the file's mapping, or into whatever `owner` holds: whoever fills the
/// struct sets `owner`, or keeps those bytes alive as long as this and every Tokenizer made of it.
struct VocabularyData {
  std::string subject = "vocabulary";    ///< what errors name: usually the file's path
  std::string model;                     ///< name of the tokenizer family, as in the file
  std::optional<std::string> pre;        ///< name of the pre-tokenizer, where the file has one
  std::vector<std::string_view> tokens;  ///< [vocab_size] texts, in the file's own escaping
  std::vector<float> scores;             ///< [vocab_size] or empty
  std::vector<TokenType> types;          ///< [vocab_size] or empty: all normal
  std::vector<std::string_view>
      merges;  ///< "left right", best first; empty where the family has none
  std::optional<std::int32_t> bos, eos, eot, eom, unk, pad;
  std::optional<bool> add_bos, add_eos, add_space_prefix;
  std::shared_ptr<const void> owner;  ///< keeps the bytes of the views alive; may be null

  TokenType type(std::size_t id) const { return types.empty() ? TokenType::kNormal : types[id]; }
};

/// Reads the `tokenizer.ggml.*` keys and checks them (check_vocabulary). The views point into the
/// file's mapping: the file must outlive the data and every Tokenizer made of it. Throws Error:
/// kBadFile for a missing, mistyped or contradictory key.
VocabularyData vocabulary_from_gguf(const GgufFile& file);

/// Throws Error (kBadFile) unless: there are tokens, no more than 2^24 of them, none longer than 64
/// KiB, types and scores are as many as tokens, scores are no NaN, special ids lie inside.
void check_vocabulary(const VocabularyData& data);

}  // namespace wick

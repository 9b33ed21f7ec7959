// Joins the parts: special tokens are found first, a family's encoder takes the text between them.
#include "text/tokenizer.h"

#include <wick/error.h>

#include <algorithm>
#include <cstddef>
#include <utility>

#include "files/quoted.h"
#include "text/bpe.h"
#include "text/end_tokens.h"
#include "text/special_tokens.h"
#include "text/spm.h"
#include "text/stream_decoder.h"
#include "text/text_data.h"
#include "text/text_encoder.h"
#include "text/token_table.h"

namespace wick {
namespace {

// Positions within one text are 32 bits wide, with room for escapes that make a byte three.
constexpr std::size_t kMaxTextBytes = std::size_t{1} << 29;

// Finding special tokens may look this far ahead at every byte of a text.
constexpr std::size_t kMaxSpecialBytes = 1024;

/// The value of `<0xNN>`, or nothing.
std::optional<unsigned char> byte_value(std::string_view text) {
  if (text.size() != 6 || text.substr(0, 3) != "<0x" || text[5] != '>') return std::nullopt;
  unsigned value = 0;
  for (const char c : text.substr(3, 2)) {
    const std::size_t digit = std::string_view("0123456789ABCDEFabcdef").find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    value = value * 16 + static_cast<unsigned>(digit < 16 ? digit : digit - 6);
  }
  return static_cast<unsigned char>(value);
}

class FamilyTokenizer final : public Tokenizer {
 public:
  FamilyTokenizer(VocabularyData data, TokenizerFamily family, const WarningSink& warn);

  std::vector<std::int32_t> encode(std::string_view text,
                                   const EncodeOptions& options) const override;
  std::string piece(std::int32_t id, SpecialText special) const override;
  std::string decode(const std::vector<std::int32_t>& ids, SpecialText special) const override;

  bool is_end(std::int32_t id) const override {
    return std::binary_search(end_tokens_.begin(), end_tokens_.end(), id);
  }
  const std::vector<std::int32_t>& end_tokens() const override { return end_tokens_; }
  TokenType type(std::int32_t id) const override {
    return has(id) ? data_.type(static_cast<std::size_t>(id)) : TokenType::kUndefined;
  }
  std::optional<std::int32_t> bos() const override { return data_.bos; }
  std::optional<std::int32_t> eos() const override { return data_.eos; }
  std::optional<std::int32_t> pad() const override { return data_.pad; }
  std::optional<std::int32_t> find(std::string_view token_text) const override;
  bool adds_bos() const override { return adds_bos_; }
  bool adds_eos() const override { return adds_eos_; }
  bool adds_space_prefix() const override { return adds_space_prefix_; }
  std::int32_t vocab_size() const override {
    return static_cast<std::int32_t>(data_.tokens.size());
  }

 private:
  bool has(std::int32_t id) const { return id >= 0 && id < vocab_size(); }
  void set_defaults(const WarningSink& warn);
  void make_encoder(const WarningSink& warn);
  void collect_special();
  void check_byte_tokens() const;
  void encode_text(std::string_view text, bool after_special, std::vector<std::int32_t>& ids) const;

  VocabularyData data_;
  TokenizerFamily family_;
  TokenTable tokens_;
  std::unique_ptr<TextEncoder> encoder_;
  std::vector<std::int32_t> end_tokens_;
  SpecialTokens always_parsed_;      ///< user-defined
  SpecialTokens parsed_on_request_;  ///< these and control tokens
  bool adds_bos_ = false, adds_eos_ = false, adds_space_prefix_ = false;
};

FamilyTokenizer::FamilyTokenizer(VocabularyData data, TokenizerFamily family,
                                 const WarningSink& warn)
    : data_(std::move(data)), family_(std::move(family)), tokens_(data_) {
  check_byte_tokens();
  make_encoder(warn);
  set_defaults(warn);
  end_tokens_ = mark_end_tokens(data_, tokens_);
  collect_special();
  // Read once; the tables above hold all that is needed of them.
  data_.merges = {};
}

void FamilyTokenizer::make_encoder(const WarningSink& warn) {
  if (family_.algorithm == "spm") {
    if (!data_.unk && family_.unk && has(*family_.unk)) data_.unk = family_.unk;
    encoder_ = std::make_unique<SentencePieceEncoder>(data_, tokens_, data_.unk);
    return;
  }
  if (!data_.pre && warn) {
    warn(data_.subject + ": names no pre-tokenizer (tokenizer.ggml.pre); '" +
         std::string(kDefaultPreTokenizer) +
         "' is used, which may part words otherwise than in training");
  }
  const PreTokenizerRules rules = pre_tokenizer_rules(
      data_.pre ? std::string_view(*data_.pre) : kDefaultPreTokenizer, data_.subject);
  family_.add_bos = rules.add_bos;
  encoder_ = std::make_unique<BytePairEncoder>(data_, tokens_, rules);
}

void FamilyTokenizer::set_defaults(const WarningSink& warn) {
  if (!data_.bos && family_.bos && has(*family_.bos)) data_.bos = family_.bos;
  if (!data_.eos && family_.eos && has(*family_.eos)) data_.eos = family_.eos;
  adds_bos_ = data_.add_bos.value_or(family_.add_bos) && data_.bos;
  adds_eos_ = data_.add_eos.value_or(false) && data_.eos;
  // Byte-level files carry the key too, though their words hold their spaces.
  adds_space_prefix_ = family_.add_space_prefix && data_.add_space_prefix.value_or(true);
  if (warn && data_.add_bos.value_or(false) && !data_.bos) {
    warn(data_.subject +
         ": asks for BOS before a text (tokenizer.ggml.add_bos_token) but names none; none is put");
  }
  if (warn && data_.add_eos.value_or(false) && !data_.eos) {
    warn(data_.subject +
         ": asks for EOS after a text (tokenizer.ggml.add_eos_token) but names none; none is put");
  }
}

void FamilyTokenizer::check_byte_tokens() const {
  for (std::size_t id = 0; id < data_.tokens.size(); ++id) {
    if (data_.type(id) != TokenType::kByte || byte_value(data_.tokens[id])) continue;
    fail(ErrorCode::kBadFile, data_.subject, ": byte token ", id, " names no byte, got ",
         quoted(data_.tokens[id]), ", need <0x00> to <0xFF>");
  }
}

void FamilyTokenizer::collect_special() {
  std::vector<SpecialTokens::Entry> always, on_request;
  for (std::size_t id = 0; id < data_.tokens.size(); ++id) {
    const TokenType type = data_.type(id);
    const SpecialTokens::Entry entry{data_.tokens[id], static_cast<std::int32_t>(id)};
    if (type != TokenType::kUserDefined && type != TokenType::kControl &&
        type != TokenType::kUnknown) {
      continue;
    }
    if (entry.text.size() > kMaxSpecialBytes) {
      fail(ErrorCode::kBadFile, data_.subject, ": special token ", id, " is too long, got ",
           entry.text.size(), " bytes, need at most ", kMaxSpecialBytes);
    }
    if (type == TokenType::kUserDefined) always.push_back(entry);
    on_request.push_back(entry);
  }
  always_parsed_ = SpecialTokens(std::move(always));
  parsed_on_request_ = SpecialTokens(std::move(on_request));
}

std::vector<std::int32_t> FamilyTokenizer::encode(std::string_view text,
                                                  const EncodeOptions& options) const {
  if (text.size() > kMaxTextBytes) {
    fail(ErrorCode::kBadArgument, "tokenizer: the text is too long, got ", text.size(),
         " bytes, need at most ", kMaxTextBytes);
  }
  std::vector<std::int32_t> ids;
  ids.reserve(text.size() / 4 + 2);
  if (options.add_bos && adds_bos_) ids.push_back(*data_.bos);
  const SpecialTokens& special = options.parse_special ? parsed_on_request_ : always_parsed_;
  bool after_special = true;
  std::size_t done = 0;
  while (done < text.size()) {
    const std::optional<SpecialTokens::Match> match = special.find(text, done);
    const std::size_t end = match ? match->position : text.size();
    if (end > done) encode_text(text.substr(done, end - done), after_special, ids);
    if (!match) break;
    ids.push_back(match->id);
    after_special = true;
    done = end + match->n_bytes;
  }
  if (options.add_eos && adds_eos_) ids.push_back(*data_.eos);
  return ids;
}

void FamilyTokenizer::encode_text(std::string_view text, bool after_special,
                                  std::vector<std::int32_t>& ids) const {
  if (!adds_space_prefix_ || !after_special) return encoder_->encode(text, ids);
  encoder_->encode(" " + std::string(text), ids);
}

std::string FamilyTokenizer::piece(std::int32_t id, SpecialText special) const {
  if (!has(id)) return {};
  const std::string_view text = data_.tokens[static_cast<std::size_t>(id)];
  switch (type(id)) {
    case TokenType::kControl:
    case TokenType::kUnknown:
      return special == SpecialText::kShown ? std::string(text) : std::string();
    case TokenType::kUserDefined:
      return std::string(text);
    case TokenType::kByte:
      return std::string(1, static_cast<char>(*byte_value(text)));
    case TokenType::kNormal:
      return encoder_->decode(text);
    case TokenType::kUndefined:
    case TokenType::kUnused:
      return {};
  }
  return {};
}

std::string FamilyTokenizer::decode(const std::vector<std::int32_t>& ids,
                                    SpecialText special) const {
  StreamDecoder decoder(*this, special, TextPosition::kStart);
  std::string text;
  for (const std::int32_t id : ids) text += decoder.push(id);
  return text + decoder.finish();
}

std::optional<std::int32_t> FamilyTokenizer::find(std::string_view token_text) const {
  const std::int32_t id = tokens_.find(token_text);
  return id == kNoToken ? std::nullopt : std::optional<std::int32_t>(id);
}

}  // namespace

std::unique_ptr<Tokenizer> Tokenizer::create(VocabularyData data, const WarningSink& warn) {
  check_vocabulary(data);
  TokenizerFamily family = tokenizer_family(data.model, data.subject);
  return std::make_unique<FamilyTokenizer>(std::move(data), std::move(family), warn);
}

}  // namespace wick

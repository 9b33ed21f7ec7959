// Reads the tokenizer's keys and checks what can be checked without knowing the tokenizer's family.
#include "text/vocabulary.h"

#include <wick/error.h>

#include <cmath>
#include <utility>

#include "files/gguf.h"
#include "files/quoted.h"

namespace wick {
namespace {

// Far above any real vocabulary (the largest have 2^18 tokens), far below where our tables would
// strain memory.
constexpr std::size_t kMaxTokens = std::size_t{1} << 24;
constexpr std::size_t kMaxTokenBytes = std::size_t{1} << 16;

std::optional<std::int32_t> token_id(const GgufFile& file, std::string_view key,
                                     std::size_t n_tokens) {
  const std::optional<std::uint64_t> id = file.get_u64(key);
  if (!id) return std::nullopt;
  if (*id >= n_tokens) {
    fail(ErrorCode::kBadFile, file.path(), ": ", key, " lies outside the vocabulary, got ", *id,
         ", need less than ", n_tokens);
  }
  return static_cast<std::int32_t>(*id);
}

std::vector<std::string_view> views(const std::optional<GgufStrings>& strings) {
  std::vector<std::string_view> out;
  if (!strings) return out;
  out.reserve(strings->size());
  for (const std::string_view text : *strings) out.push_back(text);
  return out;
}

std::vector<TokenType> token_types(const GgufFile& file) {
  constexpr std::string_view kKey = "tokenizer.ggml.token_type";
  const auto numbers = file.get_numbers<std::int32_t>(kKey);
  std::vector<TokenType> types;
  if (!numbers) return types;
  types.reserve(numbers->size());
  for (const std::int32_t number : *numbers) {
    if (number < 0 || number > static_cast<std::int32_t>(TokenType::kByte)) {
      fail(ErrorCode::kBadFile, file.path(), ": ", kKey, "[", types.size(), "] is no type, got ",
           number, ", need 0 to 6");
    }
    types.push_back(static_cast<TokenType>(number));
  }
  return types;
}

void check_count(const VocabularyData& data, const char* what, std::size_t count) {
  if (count == 0 || count == data.tokens.size()) return;
  fail(ErrorCode::kBadFile, data.subject, ": ", what, " is not as long as the vocabulary, got ",
       count, ", need ", data.tokens.size());
}

void check_id(const VocabularyData& data, const char* what, std::optional<std::int32_t> id) {
  if (!id || (*id >= 0 && static_cast<std::size_t>(*id) < data.tokens.size())) return;
  fail(ErrorCode::kBadFile, data.subject, ": the ", what,
       " token lies outside the vocabulary, got ", *id, ", need less than ", data.tokens.size());
}

void check_tokens(const VocabularyData& data) {
  if (data.tokens.empty()) {
    fail(ErrorCode::kBadFile, data.subject, ": the vocabulary is empty, need at least one token");
  }
  if (data.tokens.size() > kMaxTokens) {
    fail(ErrorCode::kBadFile, data.subject, ": the vocabulary is too large, got ",
         data.tokens.size(), " tokens, need at most ", kMaxTokens);
  }
  for (std::size_t id = 0; id < data.tokens.size(); ++id) {
    if (data.tokens[id].size() <= kMaxTokenBytes) continue;
    fail(ErrorCode::kBadFile, data.subject, ": token ", id, " is too long, got ",
         data.tokens[id].size(), " bytes, need at most ", kMaxTokenBytes);
  }
}

}  // namespace

VocabularyData vocabulary_from_gguf(const GgufFile& file) {
  VocabularyData data;
  data.subject = file.path();
  data.model = file.need_string("tokenizer.ggml.model");
  data.pre = file.get_string("tokenizer.ggml.pre");
  data.tokens = views(file.need_strings("tokenizer.ggml.tokens"));
  check_tokens(data);
  data.merges = views(file.get_strings("tokenizer.ggml.merges"));
  data.scores = file.get_numbers<float>("tokenizer.ggml.scores").value_or(std::vector<float>());
  data.types = token_types(file);
  const std::pair<const char*, std::optional<std::int32_t>*> ids[] = {
      {"tokenizer.ggml.bos_token_id", &data.bos},     {"tokenizer.ggml.eos_token_id", &data.eos},
      {"tokenizer.ggml.eot_token_id", &data.eot},     {"tokenizer.ggml.eom_token_id", &data.eom},
      {"tokenizer.ggml.unknown_token_id", &data.unk},
  };
  for (const auto& [key, id] : ids) *id = token_id(file, key, data.tokens.size());
  // Generation never pads, and files in the wild name one past the end: not worth refusing them.
  const std::optional<std::uint64_t> pad = file.get_u64("tokenizer.ggml.padding_token_id");
  if (pad && *pad < data.tokens.size()) data.pad = static_cast<std::int32_t>(*pad);
  data.add_bos = file.get_bool("tokenizer.ggml.add_bos_token");
  data.add_eos = file.get_bool("tokenizer.ggml.add_eos_token");
  data.add_space_prefix = file.get_bool("tokenizer.ggml.add_space_prefix");
  check_vocabulary(data);
  return data;
}

void check_vocabulary(const VocabularyData& data) {
  check_tokens(data);
  check_count(data, "tokenizer.ggml.token_type", data.types.size());
  check_count(data, "tokenizer.ggml.scores", data.scores.size());
  for (std::size_t id = 0; id < data.scores.size(); ++id) {
    if (!std::isnan(data.scores[id])) continue;
    fail(ErrorCode::kBadFile, data.subject, ": the score of token ", id, " is no number, got NaN");
  }
  check_id(data, "bos", data.bos);
  check_id(data, "eos", data.eos);
  check_id(data, "eot", data.eot);
  check_id(data, "eom", data.eom);
  check_id(data, "unknown", data.unk);
  check_id(data, "padding", data.pad);
}

}  // namespace wick

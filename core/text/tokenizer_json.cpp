// The vocabulary and the merges. How text is parted before them is tokenizer_steps.cpp.
#include "text/tokenizer_json.h"

#include <wick/error.h>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "files/quoted.h"

namespace wick {
namespace {

namespace json = boost::json;

// As check_vocabulary() has it; a larger id would only take memory.
constexpr std::int64_t kMaxTokens = 1 << 24;

std::int32_t token_id(const json::value& value, std::string_view text, const std::string& subject) {
  const std::int64_t* id = value.if_int64();
  if (!id || *id < 0 || *id >= kMaxTokens)
    fail(ErrorCode::kBadFile, subject, ": token ", wick::quoted(text),
         ": its id is no integer from 0 to ", kMaxTokens - 1);
  return static_cast<std::int32_t>(*id);
}

const json::object& model_of(const json::object& root, const std::string& subject) {
  const json::value* model = json_member(root, "model");
  if (!model || !model->is_object())
    fail(ErrorCode::kBadFile, subject, ": 'model' is not there or no object");
  return model->get_object();
}

std::string merge_text(const json::value& merge, const std::string& subject) {
  if (merge.is_string()) return std::string(merge.get_string());
  const json::array* pair = merge.if_array();
  if (!pair || pair->size() != 2 || !(*pair)[0].is_string() || !(*pair)[1].is_string())
    fail(ErrorCode::kBadFile, subject, ": 'model.merges' holds something that is no pair of texts");
  return std::string((*pair)[0].get_string()) + " " + std::string((*pair)[1].get_string());
}

void check_model(const json::object& model, const std::string& subject) {
  const std::string type = json_text(model, "type", subject);
  if (!type.empty() && type != "BPE")
    fail(ErrorCode::kUnavailable, subject, ": its model is not known, got ", wick::quoted(type),
         ", need BPE");
  for (const char* key : {"continuing_subword_prefix", "end_of_word_suffix"})
    if (!json_text(model, key, subject).empty())
      fail(ErrorCode::kUnavailable, subject, ": its model marks parts of words ('", key,
           "'), which is not known");
}

void check_normalizer(const json::object& root, TokenizerJson& out, const std::string& subject) {
  const json::value* normalizer = json_member(root, "normalizer");
  if (!normalizer) return;
  const std::string type =
      normalizer->is_object() ? json_text(normalizer->get_object(), "type", subject) : "";
  if (type != "NFC")
    fail(ErrorCode::kUnavailable, subject, ": its normalizer is not known, got ",
         wick::quoted(type), ", need none or NFC");
  out.notes.push_back(subject +
                      ": its normalizer, NFC, has no place in GGUF: text that is not "
                      "composed is tokenized as it stands");
}

}  // namespace

void add_token(TokenizerJson& out, const std::string& text, std::int32_t id,
               const std::string& subject) {
  const auto [at, is_new] = out.tokens.emplace(id, text);
  if (!is_new && at->second != text)
    fail(ErrorCode::kBadFile, subject, ": id ", id, " has two tokens, got ", wick::quoted(text),
         " and ", wick::quoted(at->second), ", need one");
  const auto [named, is_first] = out.ids.emplace(text, id);
  if (!is_first && named->second != id)
    fail(ErrorCode::kBadFile, subject, ": token ", wick::quoted(text), " has two ids, got ", id,
         " and ", named->second, ", need one");
}

void read_vocabulary(const json::object& root, TokenizerJson& out, const std::string& subject) {
  const json::value* vocabulary = json_member(model_of(root, subject), "vocab");
  if (!vocabulary || !vocabulary->is_object())
    fail(ErrorCode::kBadFile, subject, ": 'model.vocab' is not there or no object");
  for (const auto& [key, value] : vocabulary->get_object()) {
    const std::string text(key.data(), key.size());
    add_token(out, text, token_id(value, text, subject), subject);
  }
}

/// Those that are special are parsed on request and hidden in output; the others are always parsed
/// and shown. Their texts are written as they are, without the spelling of bytes. What the model
/// itself calls unknown, control or a byte stays so.
void add_added_token(TokenizerJson& out, const json::object& token, std::int32_t id,
                     const std::string& subject) {
  add_token(out, json_text(token, "content", subject), id, subject);
  out.types.emplace(id, json_flag(token, "special", false, subject) ? TokenType::kControl
                                                                    : TokenType::kUserDefined);
}

void read_added_tokens(const json::object& root, TokenizerJson& out, const std::string& subject) {
  if (!json_member(root, "added_tokens")) return;
  for (const json::value& item : json_array(root, "added_tokens", subject)) {
    const json::object* token = item.if_object();
    const json::value* id = token ? json_member(*token, "id") : nullptr;
    if (!id) fail(ErrorCode::kBadFile, subject, ": 'added_tokens' holds a token without an id");
    add_added_token(out, *token, token_id(*id, json_text(*token, "content", subject), subject),
                    subject);
  }
}

std::vector<std::string> merge_texts(const json::object& root, const std::string& subject) {
  std::vector<std::string> merges;
  for (const json::value& merge : json_array(model_of(root, subject), "merges", subject))
    merges.push_back(merge_text(merge, subject));
  return merges;
}

const json::value* json_member(const json::object& object, const char* key) {
  const json::value* value = object.if_contains(key);
  return value && !value->is_null() ? value : nullptr;
}

const json::array& json_array(const json::object& object, const char* key,
                              const std::string& subject) {
  const json::value* value = json_member(object, key);
  if (!value || !value->is_array())
    fail(ErrorCode::kBadFile, subject, ": '", key, "' is not there or no list");
  return value->get_array();
}

std::string json_text(const json::object& object, const char* key, const std::string& subject) {
  const json::value* value = json_member(object, key);
  if (!value) return {};
  if (!value->is_string()) fail(ErrorCode::kBadFile, subject, ": '", key, "' is no text");
  return std::string(value->get_string());
}

bool json_flag(const json::object& object, const char* key, bool fallback,
               const std::string& subject) {
  const json::value* value = json_member(object, key);
  if (!value) return fallback;
  if (!value->is_bool())
    fail(ErrorCode::kBadFile, subject, ": '", key, "' is neither true nor false");
  return value->get_bool();
}

bool is_piece_tokenizer(const json::object& root, const std::string& subject) {
  return json_flag(model_of(root, subject), "byte_fallback", false, subject);
}

TokenizerJson read_tokenizer_json(const json::object& root, const std::string& subject) {
  const json::object& model = model_of(root, subject);
  check_model(model, subject);
  TokenizerJson out;
  out.names = checkpoint_names(pre_tokenizer_steps(root, subject),
                               json_flag(model, "ignore_merges", false, subject), subject);
  check_normalizer(root, out, subject);
  read_vocabulary(root, out, subject);
  read_added_tokens(root, out, subject);
  out.merges = merge_texts(root, subject);
  out.single = post_processor_tokens(root, subject);
  return out;
}

}  // namespace wick

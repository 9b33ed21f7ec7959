// See checkpoint_tokenizer.h.
#include "text/checkpoint_tokenizer.h"

#include <wick/error.h>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <filesystem>
#include <optional>

#include "files/json_file.h"
#include "files/metadata_list.h"
#include "files/quoted.h"
#include "text/tokenizer.h"
#include "text/tokenizer_json.h"

namespace wick {
namespace {

namespace json = boost::json;

// The largest that are published have 35 MB.
constexpr std::uint64_t kMaxTokenizerBytes = 256 << 20;
constexpr std::uint64_t kMaxConfigBytes = 16 << 20;

struct SpecialRow {
  const char* name;  ///< in checkpoints: "bos" of bos_token and bos_token_id
  const char* key;
};
// GGUF spells the one between two texts so.
constexpr SpecialRow kSpecial[] = {
    {"bos", "tokenizer.ggml.bos_token_id"},     {"eos", "tokenizer.ggml.eos_token_id"},
    {"unk", "tokenizer.ggml.unknown_token_id"}, {"sep", "tokenizer.ggml.seperator_token_id"},
    {"pad", "tokenizer.ggml.padding_token_id"}, {"mask", "tokenizer.ggml.mask_token_id"}};

/// A file that a checkpoint may have not: then there is nothing in it.
json::object optional_json(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return {};
  return read_json_object(path, kMaxConfigBytes);
}

/// The files that name special tokens, in the order in which they are believed.
class SpecialIds {
 public:
  SpecialIds(const std::string& folder, const json::object& config, const TokenizerJson& tokenizer,
             std::uint64_t vocab_size)
      : folder_(folder),
        settings_(optional_json(folder + "/tokenizer_config.json")),
        map_(optional_json(folder + "/special_tokens_map.json")),
        generation_(optional_json(folder + "/generation_config.json")),
        config_(config),
        tokenizer_(tokenizer),
        vocab_size_(vocab_size) {}

  /// tokenizer_config.json.
  const json::object& settings() const noexcept { return settings_; }

  std::optional<std::int32_t> find(const std::string& name) const {
    const std::string token = name + "_token", id = name + "_token_id";
    if (const auto found = by_text(settings_, token, "/tokenizer_config.json")) return found;
    if (const auto found = by_text(map_, token, "/special_tokens_map.json")) return found;
    if (const auto found = by_id(config_, id, "/config.json")) return found;
    if (const auto found = by_id(generation_, id, "/generation_config.json")) return found;
    return name == "unk" ? unknown() : std::nullopt;
  }

 private:
  /// The piece that is of that type.
  std::optional<std::int32_t> unknown() const {
    for (const auto& [id, type] : tokenizer_.types)
      if (type == TokenType::kUnknown) return id;
    return std::nullopt;
  }
  std::optional<std::int32_t> by_text(const json::object& file, const std::string& key,
                                      const char* name) const {
    const json::value* value = json_member(file, key.c_str());
    if (!value) return std::nullopt;
    const std::string text = value->is_object()
                                 ? json_text(value->get_object(), "content", folder_ + name)
                                 : json_text(file, key.c_str(), folder_ + name);
    const auto found = tokenizer_.ids.find(text);
    const bool is_needed = key == "bos_token" || key == "eos_token";
    if (found == tokenizer_.ids.end() && !is_needed) return std::nullopt;  // nobody asks for it
    if (found == tokenizer_.ids.end())
      fail(ErrorCode::kBadFile, folder_, name, ": '", key, "' is no token of tokenizer.json, got ",
           wick::quoted(text));
    return found->second;
  }
  /// Of several, the first.
  std::optional<std::int32_t> by_id(const json::object& file, const std::string& key,
                                    const char* name) const {
    const json::value* value = json_member(file, key.c_str());
    if (value && value->is_array() && !value->get_array().empty()) value = &value->get_array()[0];
    if (!value) return std::nullopt;
    const std::int64_t* id = value->if_int64();
    if (!id || *id < 0 || static_cast<std::uint64_t>(*id) >= vocab_size_)
      fail(ErrorCode::kBadFile, folder_, name, ": '", key, "' is no id, need 0 to ",
           vocab_size_ - 1);
    return static_cast<std::int32_t>(*id);
  }

  const std::string& folder_;
  const json::object settings_, map_, generation_;
  const json::object& config_;
  const TokenizerJson& tokenizer_;
  std::uint64_t vocab_size_;
};

/// Of tokens that were added to scored pieces, and of ids without a token, as others write them.
constexpr float kAddedScore = -1000.0f, kNoScore = -10000.0f;

struct Tokens {
  std::vector<std::string> texts;
  std::vector<std::int32_t> types;
  std::vector<float> scores;  ///< empty where there are merges
};

/// tokenizer.json, but where it was made of a tokenizer.model that is there too, or is not there.
TokenizerJson read_tokenizer(const std::string& folder, const std::string& path) {
  std::error_code ignored;
  const bool has_model = std::filesystem::exists(folder + "/tokenizer.model", ignored);
  json::object root;
  if (!has_model || std::filesystem::exists(path, ignored))
    root = read_json_object(path, kMaxTokenizerBytes);
  if (!root.empty() && !is_piece_tokenizer(root, path)) return read_tokenizer_json(root, path);
  return read_piece_tokenizer(folder, root, optional_json(folder + "/tokenizer_config.json"));
}

Tokens all_tokens(const TokenizerJson& tokenizer, std::uint64_t vocab_size,
                  const std::string& subject) {
  const auto last = tokenizer.tokens.empty() ? 0 : tokenizer.tokens.rbegin()->first;
  if (static_cast<std::uint64_t>(last) >= vocab_size)
    fail(ErrorCode::kBadFile, subject, ": holds id ", last, ", need less than ", vocab_size,
         ", the 'vocab_size' of config.json");
  Tokens all;
  for (std::uint64_t i = 0; i < vocab_size; ++i) {
    const auto id = static_cast<std::int32_t>(i);
    const auto text = tokenizer.tokens.find(id);
    const auto type = tokenizer.types.find(id);
    const bool is_there = text != tokenizer.tokens.end();
    all.texts.push_back(is_there ? text->second : "[PAD" + std::to_string(i) + "]");
    all.types.push_back(static_cast<std::int32_t>(!is_there ? TokenType::kUnused
                                                  : type == tokenizer.types.end()
                                                      ? TokenType::kNormal
                                                      : type->second));
    if (!tokenizer.has_scores) continue;
    const auto score = tokenizer.scores.find(id);
    all.scores.push_back(!is_there                         ? kNoScore
                         : score == tokenizer.scores.end() ? kAddedScore
                                                           : score->second);
  }
  return all;
}

/// Whether a token stands before or behind every text: tokenizer_config.json says it, or the
/// post-processor does it.
bool adds(const json::object& settings, const char* key, std::optional<std::int32_t> id,
          const TokenizerJson& tokenizer, bool in_front, const std::string& subject) {
  if (json_member(settings, key)) return json_flag(settings, key, false, subject);
  // A tokenizer.model alone has no post-processor: BOS stands there by the library's own default.
  if (id && tokenizer.has_scores && tokenizer.single.empty()) return in_front;
  if (!id || tokenizer.single.empty()) return false;
  const auto found =
      tokenizer.ids.find(in_front ? tokenizer.single.front() : tokenizer.single.back());
  return found != tokenizer.ids.end() && found->second == *id;
}

/// Fails as loading the result would.
void try_tokenizer(const Tokens& tokens, const TokenizerJson& tokenizer, const std::string& subject,
                   std::optional<std::int32_t> bos, std::optional<std::int32_t> eos) {
  VocabularyData data;
  data.subject = subject;
  data.model = tokenizer.names.model;
  data.pre = tokenizer.names.pre;
  data.tokens.assign(tokens.texts.begin(), tokens.texts.end());
  for (const std::int32_t type : tokens.types) data.types.push_back(static_cast<TokenType>(type));
  data.scores = tokens.scores;
  data.merges.assign(tokenizer.merges.begin(), tokenizer.merges.end());
  data.bos = bos;
  data.eos = eos;
  check_vocabulary(data);
  static_cast<void>(Tokenizer::create(std::move(data)));
}

void add_templates(const std::string& folder, const json::object& settings, MetadataList& out) {
  std::vector<std::string> names;
  for (const auto& [name, text] : checkpoint_templates(folder, settings)) {
    if (!name.empty()) names.push_back(name);
    out.add_string(name.empty() ? "tokenizer.chat_template" : "tokenizer.chat_template." + name,
                   text);
  }
  if (!names.empty()) out.add_strings("tokenizer.chat_templates", names);
}

}  // namespace

std::vector<std::string> add_checkpoint_tokenizer(const std::string& folder,
                                                  const json::object& config,
                                                  std::uint64_t vocab_size, MetadataList& out) {
  const std::string path = folder + "/tokenizer.json";
  const TokenizerJson tokenizer = read_tokenizer(folder, path);
  const Tokens tokens = all_tokens(tokenizer, vocab_size, path);
  const SpecialIds ids(folder, config, tokenizer, vocab_size);
  const auto bos = ids.find("bos"), eos = ids.find("eos");
  try_tokenizer(tokens, tokenizer, path, bos, eos);
  out.add_string("tokenizer.ggml.model", tokenizer.names.model);
  out.add_string("tokenizer.ggml.pre", tokenizer.names.pre);
  out.add_strings("tokenizer.ggml.tokens", tokens.texts);
  out.add_i32s("tokenizer.ggml.token_type", tokens.types);
  if (tokenizer.has_scores)
    out.add_f32s("tokenizer.ggml.scores", tokens.scores);
  else
    out.add_strings("tokenizer.ggml.merges", tokenizer.merges);
  for (const SpecialRow& row : kSpecial)
    if (const auto id = ids.find(row.name)) out.add_u32(row.key, static_cast<std::uint32_t>(*id));
  const std::string settings = folder + "/tokenizer_config.json";
  // Written even where it is false: what a file is silent of, a reader decides by the family.
  out.add_bool("tokenizer.ggml.add_bos_token",
               adds(ids.settings(), "add_bos_token", bos, tokenizer, true, settings));
  if (adds(ids.settings(), "add_eos_token", eos, tokenizer, false, settings))
    out.add_bool("tokenizer.ggml.add_eos_token", true);
  if (tokenizer.has_scores) out.add_bool("tokenizer.ggml.add_space_prefix", tokenizer.adds_space);
  add_templates(folder, ids.settings(), out);
  return tokenizer.notes;
}

}  // namespace wick

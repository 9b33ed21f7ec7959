// The tables are ours, so a mistake in them is a bug and may throw whatever Boost.JSON throws.
#include "text/text_data.h"

#include <wick/error.h>

#include <algorithm>
#include <boost/json.hpp>

#include "files/quoted.h"

namespace wick {

extern const std::string_view kEmbeddedPreTokenizers;
extern const std::string_view kEmbeddedTokenizerModels;
extern const std::string_view kEmbeddedEndTokens;
extern const std::string_view kEmbeddedCheckpointPreTokenizers;

namespace {

namespace json = boost::json;

json::value parse(std::string_view text) {
  return json::parse({text.data(), text.size()});
}

std::string_view view(const json::string& text) {
  return {text.data(), text.size()};
}

std::vector<std::string> strings(const json::value& array) {
  std::vector<std::string> out;
  for (const json::value& item : array.as_array()) out.emplace_back(view(item.as_string()));
  return out;
}

bool flag(const json::object& object, const char* key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->as_bool();
}

std::optional<std::int32_t> id(const json::object& object, const char* key) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr) return std::nullopt;
  return static_cast<std::int32_t>(value->as_int64());
}

std::string joined(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  return list;
}

}  // namespace

TokenizerFamily tokenizer_family(std::string_view name, std::string_view subject) {
  const json::value table = parse(kEmbeddedTokenizerModels);
  std::vector<std::string> known;
  for (const json::value& row : table.at("models").as_array()) {
    const json::object& model = row.as_object();
    const std::string_view row_name = view(model.at("name").as_string());
    if (row_name == name) {
      return {std::string(view(model.at("algorithm").as_string())),
              flag(model, "add_bos"),
              flag(model, "add_space_prefix"),
              id(model, "bos"),
              id(model, "eos"),
              id(model, "unk")};
    }
    known.emplace_back(row_name);
  }
  fail(ErrorCode::kUnavailable, subject, ": tokenizer model ", quoted(name),
       " is not known, need one of: ", joined(known), "; a newer Wick may know it");
}

PreTokenizerRules pre_tokenizer_rules(std::string_view name, std::string_view subject) {
  const json::value table = parse(kEmbeddedPreTokenizers);
  std::vector<std::string> known;
  for (const json::value& row : table.at("pre_tokenizers").as_array()) {
    const json::object& rules = row.as_object();
    const std::vector<std::string> names = strings(rules.at("names"));
    if (std::find(names.begin(), names.end(), name) != names.end()) {
      const json::object& patterns = table.at("patterns").as_object();
      return {strings(patterns.at(rules.at("patterns").as_string())), flag(rules, "ignore_merges"),
              flag(rules, "add_bos")};
    }
    known.insert(known.end(), names.begin(), names.end());
  }
  fail(ErrorCode::kUnavailable, subject, ": pre-tokenizer ", quoted(name),
       " is not known, need one of: ", joined(known), "; a newer Wick may know it");
}

CheckpointNames checkpoint_piece_names() {
  const json::value table = parse(kEmbeddedCheckpointPreTokenizers);
  const json::value& names = table.at("pieces");
  return {std::string(view(names.at("model").as_string())),
          std::string(view(names.at("name").as_string()))};
}

CheckpointNames checkpoint_names(const std::vector<std::string>& steps, bool ignore_merges,
                                 std::string_view subject) {
  const json::value table = parse(kEmbeddedCheckpointPreTokenizers);
  std::vector<std::string> known;
  for (const json::value& row : table.at("pre_tokenizers").as_array()) {
    const json::object& entry = row.as_object();
    known.emplace_back(view(entry.at("name").as_string()));
    if (strings(entry.at("steps")) == steps && flag(entry, "ignore_merges") == ignore_merges)
      return {std::string(view(table.at("byte_level_model").as_string())), known.back()};
  }
  std::string got;
  for (const std::string& step : steps) got += (got.empty() ? "" : ", then ") + quoted(step);
  fail(ErrorCode::kUnavailable, subject, ": its pre-tokenizer is not known, got ",
       got.empty() ? "none" : got, ignore_merges ? " with ignore_merges" : "",
       ", need that of one of: ", joined(known), "; a newer Wick may know it");
}

EndTokenTexts end_token_texts() {
  const json::value table = parse(kEmbeddedEndTokens);
  EndTokenTexts out{strings(table.at("texts")), {}};
  for (const json::value& exception : table.at("exceptions").as_array()) {
    out.exceptions.push_back(
        {std::string(view(exception.at("text").as_string())), strings(exception.at("where"))});
  }
  return out;
}

}  // namespace wick

// Tokenizers of scored pieces: tokenizer.model, or a tokenizer.json that was made of one.
#include <wick/error.h>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <charconv>
#include <filesystem>

#include "base/mapped_file.h"
#include "files/quoted.h"
#include "text/sentencepiece_model.h"
#include "text/tokenizer_json.h"

namespace wick {
namespace {

namespace json = boost::json;

constexpr std::string_view kSpace = "\xE2\x96\x81";  // U+2581 stands for a space

bool is_byte_text(const std::string& text) {
  return text.size() == 6 && text.rfind("<0x", 0) == 0 && text.back() == '>';
}

void read_model(const std::string& path, TokenizerJson& out) {
  const MappedFile file = MappedFile::open(path);
  const SentencePieceModel model = parse_sentencepiece(file.bytes(), path);
  std::int32_t id = 0;
  for (const SentencePieceModel::Piece& piece : model.pieces) {
    add_token(out, piece.text, id, path);
    out.scores[id] = piece.score;
    if (piece.type != TokenType::kNormal) out.types[id] = piece.type;
    ++id;
  }
  out.adds_space = model.adds_space;
}

/// "added_tokens_decoder" of tokenizer_config.json: tokens by id, for folders without
/// tokenizer.json.
void read_decoder(const json::object& settings, TokenizerJson& out, const std::string& subject) {
  const json::value* decoder = json_member(settings, "added_tokens_decoder");
  if (!decoder) return;
  if (!decoder->is_object())
    fail(ErrorCode::kBadFile, subject, ": 'added_tokens_decoder' is no object");
  for (const auto& [key, value] : decoder->get_object()) {
    std::int32_t id = -1;
    const auto read = std::from_chars(key.data(), key.data() + key.size(), id);
    if (read.ptr != key.data() + key.size() || id < 0 || id >= (1 << 24) || !value.is_object())
      fail(ErrorCode::kBadFile, subject, ": 'added_tokens_decoder' holds ",
           wick::quoted(std::string(key)), ", need ids and their tokens");
    add_added_token(out, value.get_object(), id, subject);
  }
}

/// Whether a space stands before a text; and nothing but that and spaces may be changed.
bool adds_space(const json::object& root, const std::string& subject) {
  const auto unknown = [&](const char* what, const std::string& type) {
    fail(ErrorCode::kUnavailable, subject, ": its ", what, " is not known, got ",
         wick::quoted(type), ", need those of SentencePiece");
  };
  bool adds = false;
  if (const json::value* normalizer = json_member(root, "normalizer")) {
    if (!normalizer->is_object()) unknown("normalizer", "");
    const json::object& first = normalizer->get_object();
    const std::string type = json_text(first, "type", subject);
    json::array steps{first};
    if (type == "Sequence") steps = json_array(first, "normalizers", subject);
    for (const json::value& step : steps) {
      if (!step.is_object()) unknown("normalizer", "");
      const std::string name = json_text(step.get_object(), "type", subject);
      if (name == "Prepend" && json_text(step.get_object(), "prepend", subject) == kSpace)
        adds = true;
      else if (name != "Replace" || json_text(step.get_object(), "content", subject) != kSpace)
        unknown("normalizer", name);
    }
  }
  if (const json::value* parts = json_member(root, "pre_tokenizer")) {
    if (!parts->is_object()) unknown("pre-tokenizer", "");
    const std::string type = json_text(parts->get_object(), "type", subject);
    if (type != "Metaspace") unknown("pre-tokenizer", type);
    adds = json_text(parts->get_object(), "prepend_scheme", subject) != "never" &&
           json_flag(parts->get_object(), "add_prefix_space", true, subject);
  }
  return adds;
}

/// A Unigram model looks for the likeliest pieces of a whole text, from the same kind of scores: by
/// merging, other pieces would come out.
void check_merges_alone(const json::object& root, const std::string& subject) {
  const json::value* model = json_member(root, "model");
  const std::string type = json_text(model->get_object(), "type", subject);
  if (!type.empty() && type != "BPE")
    fail(ErrorCode::kUnavailable, subject, ": its model is not known, got ", wick::quoted(type),
         ", need BPE: Wick merges pieces, best first, and searches for no likeliest ones");
}

/// The earlier a merge comes, the better what it makes. Pieces that nothing makes are characters,
/// whose scores are never compared.
void read_merges(const json::object& root, TokenizerJson& out, const std::string& subject) {
  float rank = 0.0f;
  for (const std::string& merge : merge_texts(root, subject)) {
    const std::size_t gap = merge.find(' ');
    const auto made = gap == std::string::npos
                          ? out.ids.end()
                          : out.ids.find(merge.substr(0, gap) + merge.substr(gap + 1));
    if (made == out.ids.end())
      fail(ErrorCode::kBadFile, subject, ": merge ", wick::quoted(merge),
           " makes no token of its vocabulary");
    out.scores.emplace(made->second, rank);
    rank -= 1.0f;
  }
  for (const auto& [id, text] : out.tokens) {
    out.scores.emplace(id, rank);
    if (is_byte_text(text)) out.types[id] = TokenType::kByte;
  }
}

void mark_unknown(const json::object& root, TokenizerJson& out, const std::string& subject) {
  const json::value* model = json_member(root, "model");
  const std::string text = json_text(model->get_object(), "unk_token", subject);
  const auto unknown = out.ids.find(text);
  if (unknown != out.ids.end()) out.types[unknown->second] = TokenType::kUnknown;
}

}  // namespace

TokenizerJson read_piece_tokenizer(const std::string& folder, const json::object& root,
                                   const json::object& settings) {
  const std::string subject = folder + "/tokenizer.json", model = folder + "/tokenizer.model";
  TokenizerJson out;
  out.names = checkpoint_piece_names();
  out.has_scores = true;
  std::error_code ignored;
  if (std::filesystem::exists(model, ignored)) {
    read_model(model, out);
  } else {
    check_merges_alone(root, subject);
    read_vocabulary(root, out, subject);
    read_merges(root, out, subject);
    mark_unknown(root, out, subject);
    out.adds_space = adds_space(root, subject);
  }
  if (root.empty()) {
    read_decoder(settings, out, folder + "/tokenizer_config.json");
    return out;
  }
  read_added_tokens(root, out, subject);
  out.single = post_processor_tokens(root, subject);
  return out;
}

}  // namespace wick

// Reads the tokenizers that checkpoints carry: byte-level BPE of tokenizer.json, and scored pieces
// (SentencePiece). Other kinds are refused by name.
#pragma once

#include <boost/json/object.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "text/text_data.h"
#include "text/vocabulary.h"

namespace wick {

/// What the file holds, in the terms of GGUF.
struct TokenizerJson {
  CheckpointNames names;
  std::map<std::int32_t, std::string> tokens;  ///< by id; some may have no token
  std::map<std::int32_t, TokenType> types;     ///< of those that are not normal
  std::map<std::string, std::int32_t> ids;     ///< the inverse of tokens
  std::map<std::int32_t, float> scores;  ///< of scored pieces; those that have none are added ones
  bool has_scores = false;               ///< SentencePiece; then there are no merges
  bool adds_space = false;               ///< before a text
  std::vector<std::string> merges;       ///< "left right", best first
  std::vector<std::string> single;  ///< tokens that the post-processor puts around a text; "" is it
  std::vector<std::string> notes;   ///< what is not carried over, a sentence each
};

/// `subject` opens sentences: the path. Errors: kBadFile; kUnavailable for what Wick has not.
TokenizerJson read_tokenizer_json(const boost::json::object& root, const std::string& subject);

/// The same of a folder whose tokenizer is of scored pieces (SentencePiece): of tokenizer.model,
/// with the tokens that other files add; without it of tokenizer.json, whose merges give the
/// scores. `json`: tokenizer.json, empty where there is none; `settings`: tokenizer_config.json.
TokenizerJson read_piece_tokenizer(const std::string& folder, const boost::json::object& json,
                                   const boost::json::object& settings);
/// Whether tokenizer.json is of such a tokenizer.
bool is_piece_tokenizer(const boost::json::object& root, const std::string& subject);

// Parts of read_tokenizer_json().
void add_token(TokenizerJson& out, const std::string& text, std::int32_t id,
               const std::string& subject);
void read_vocabulary(const boost::json::object& root, TokenizerJson& out,
                     const std::string& subject);
/// "left right" each.
std::vector<std::string> merge_texts(const boost::json::object& root, const std::string& subject);
void read_added_tokens(const boost::json::object& root, TokenizerJson& out,
                       const std::string& subject);
void add_added_token(TokenizerJson& out, const boost::json::object& token, std::int32_t id,
                     const std::string& subject);

/// How it parts text, as checkpoint_names() takes it. Errors as above.
std::vector<std::string> pre_tokenizer_steps(const boost::json::object& root,
                                             const std::string& subject);
/// The same of "single" in TokenizerJson.
std::vector<std::string> post_processor_tokens(const boost::json::object& root,
                                               const std::string& subject);

// Of an object: null where the key is absent or null; and what is mistyped is kBadFile.
const boost::json::value* json_member(const boost::json::object& object, const char* key);
const boost::json::array& json_array(const boost::json::object& object, const char* key,
                                     const std::string& subject);
std::string json_text(const boost::json::object& object, const char* key,
                      const std::string& subject);  ///< empty where absent
bool json_flag(const boost::json::object& object, const char* key, bool fallback,
               const std::string& subject);

}  // namespace wick

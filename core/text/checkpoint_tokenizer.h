// The tokenizer of a Hugging Face folder as GGUF metadata: vocabulary, special tokens, chat
// template.
#pragma once

#include <boost/json/object.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace wick {

class MetadataList;

/// Adds `tokenizer.*` from the files of `folder`. Ids below vocab_size that have no token become
/// unused ones, "[PAD7]". The result is one that Wick itself reads: a tokenizer is made of it.
/// config: config.json, for ids that no other file gives. Returns notes: what is not carried over.
/// Errors: kMissingFile, kBadFile, kUnavailable.
std::vector<std::string> add_checkpoint_tokenizer(const std::string& folder,
                                                  const boost::json::object& config,
                                                  std::uint64_t vocab_size, MetadataList& out);

/// Names and texts; the one without a name is the usual one. From chat_template.jinja,
/// or the "chat_template" of tokenizer_config.json.
std::vector<std::pair<std::string, std::string>> checkpoint_templates(
    const std::string& folder, const boost::json::object& tokenizer_config);

}  // namespace wick

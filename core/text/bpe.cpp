// Pairs wait in a heap, best rank first, then leftmost: a word of n bytes takes n log n steps, so
// one that is a megabyte long is no harm.
#include "text/bpe.h"

#include <wick/error.h>

#include <algorithm>
#include <cstddef>

#include "text/byte_encoding.h"
#include "text/utf8.h"

namespace wick {
namespace {

constexpr std::int32_t kEnd = -1;

/// A token within the word, in a list by index. Merging into the left neighbour sets `id` to kGone.
struct Symbol {
  std::int32_t id;
  std::int32_t previous, next;
};
constexpr std::int32_t kGone = -2;

struct Candidate {
  Merge merge;
  std::int32_t left, right;        ///< symbols
  std::int32_t left_id, right_id;  ///< what they were: other ids now mean that this is out of date
};

/// For a heap whose top is the best.
bool is_worse(const Candidate& a, const Candidate& b) noexcept {
  return a.merge.rank != b.merge.rank ? a.merge.rank > b.merge.rank : a.left > b.left;
}

}  // namespace

/// Memory that the words of one text share.
struct BytePairEncoder::Scratch {
  std::vector<Symbol> symbols;
  std::vector<Candidate> heap;
  std::string encoded;
};

BytePairEncoder::BytePairEncoder(const VocabularyData& data, const TokenTable& tokens,
                                 const PreTokenizerRules& rules)
    : tokens_(tokens),
      merges_(data, tokens),
      pre_tokenizer_(rules),
      ignore_merges_(rules.ignore_merges) {
  if (data.merges.empty()) {
    fail(ErrorCode::kBadFile, data.subject,
         ": tokenizer.ggml.merges is missing or empty, need the merges of tokenizer model '",
         data.model, "'");
  }
  for (unsigned byte = 0; byte < 256; ++byte) {
    byte_tokens_[byte] = tokens.find(encoded_byte(static_cast<unsigned char>(byte)));
  }
}

void BytePairEncoder::encode(std::string_view text, std::vector<std::int32_t>& ids) const {
  std::string storage;
  std::vector<std::string_view> words;
  pre_tokenizer_.split(repaired_utf8(text, storage), words);
  Scratch scratch;
  for (const std::string_view word : words) encode_word(word, scratch, ids);
}

std::string BytePairEncoder::decode(std::string_view token_text) const {
  return decode_bytes(token_text);
}

std::int32_t BytePairEncoder::whole_word(std::string_view word, Scratch& scratch) const {
  if (word.size() > tokens_.longest_bytes()) return kNoToken;
  scratch.encoded.clear();
  append_encoded(word, scratch.encoded);
  return tokens_.find(scratch.encoded);
}

void BytePairEncoder::encode_word(std::string_view word, Scratch& scratch,
                                  std::vector<std::int32_t>& ids) const {
  if (ignore_merges_) {
    const std::int32_t id = whole_word(word, scratch);
    if (id != kNoToken) return ids.push_back(id);
  }
  scratch.symbols.clear();
  const auto n_symbols = static_cast<std::int32_t>(word.size());
  for (std::int32_t i = 0; i < n_symbols; ++i) {
    const auto byte = static_cast<unsigned char>(word[static_cast<std::size_t>(i)]);
    scratch.symbols.push_back({byte_tokens_[byte], i - 1, i + 1 == n_symbols ? kEnd : i + 1});
  }
  merge(scratch);
  for (const Symbol& symbol : scratch.symbols) {
    if (symbol.id >= 0) ids.push_back(symbol.id);
  }
}

void BytePairEncoder::merge(Scratch& scratch) const {
  std::vector<Symbol>& symbols = scratch.symbols;
  std::vector<Candidate>& heap = scratch.heap;
  heap.clear();
  for (std::size_t i = 1; i < symbols.size(); ++i) {
    consider(static_cast<std::int32_t>(i - 1), static_cast<std::int32_t>(i), scratch);
  }
  while (!heap.empty()) {
    const Candidate best = heap.front();
    std::pop_heap(heap.begin(), heap.end(), is_worse);
    heap.pop_back();
    Symbol& left = symbols[static_cast<std::size_t>(best.left)];
    Symbol& right = symbols[static_cast<std::size_t>(best.right)];
    if (left.id != best.left_id || right.id != best.right_id) continue;
    left.id = best.merge.result;
    right.id = kGone;
    left.next = right.next;
    if (left.next != kEnd) symbols[static_cast<std::size_t>(left.next)].previous = best.left;
    consider(left.previous, best.left, scratch);
    consider(best.left, left.next, scratch);
  }
}

void BytePairEncoder::consider(std::int32_t left, std::int32_t right, Scratch& scratch) const {
  if (left == kEnd || right == kEnd) return;
  const std::int32_t left_id = scratch.symbols[static_cast<std::size_t>(left)].id;
  const std::int32_t right_id = scratch.symbols[static_cast<std::size_t>(right)].id;
  const Merge* merge = merges_.find(left_id, right_id);
  if (merge == nullptr) return;
  scratch.heap.push_back({*merge, left, right, left_id, right_id});
  std::push_heap(scratch.heap.begin(), scratch.heap.end(), is_worse);
}

}  // namespace wick

// Pairs wait in a heap, best score first, then leftmost: n log n for any text.
#include "text/spm.h"

#include <wick/error.h>

#include <algorithm>
#include <cstddef>

namespace wick {
namespace {

constexpr std::string_view kSpace = "\xE2\x96\x81";  // U+2581 stands for a space
constexpr std::int32_t kEnd = -1;

/// By the lead byte alone, so that broken text too is cut into something: byte tokens cover it.
std::size_t character_bytes(char lead) noexcept {
  const auto byte = static_cast<unsigned char>(lead);
  return byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 2);
  for (const char c : text) {
    if (c == ' ') {
      out += kSpace;
    } else {
      out += c;
    }
  }
  return out;
}

std::string byte_token_text(unsigned byte) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  return {'<', '0', 'x', kDigits[byte >> 4], kDigits[byte & 15], '>'};
}

}  // namespace

/// Bytes [start, start + n_bytes) of the text, in a list by index; no bytes: merged to the left.
struct SentencePieceEncoder::Symbol {
  std::size_t start, n_bytes;
  std::int32_t previous, next;
};

struct SentencePieceEncoder::Candidate {
  float score;
  std::int32_t left, right;
  std::size_t n_bytes;  ///< of both: another sum now means that this is out of date

  /// For a heap whose top is the best.
  static bool is_worse(const Candidate& a, const Candidate& b) noexcept {
    return a.score != b.score ? a.score < b.score : a.left > b.left;
  }
};

struct SentencePieceEncoder::Scratch {
  std::string text;
  std::vector<Symbol> symbols;
  std::vector<Candidate> heap;
};

SentencePieceEncoder::SentencePieceEncoder(const VocabularyData& data, const TokenTable& tokens,
                                           std::optional<std::int32_t> unk)
    : data_(data), tokens_(tokens), unk_(unk) {
  if (data.scores.empty()) {
    fail(ErrorCode::kBadFile, data.subject,
         ": tokenizer.ggml.scores is missing, need a score for each token of tokenizer model '",
         data.model, "'");
  }
  for (unsigned byte = 0; byte < 256; ++byte) {
    byte_tokens_[byte] = tokens.find(byte_token_text(byte));
    const char raw = static_cast<char>(byte);
    if (byte_tokens_[byte] == kNoToken) byte_tokens_[byte] = tokens.find({&raw, 1});
  }
}

void SentencePieceEncoder::encode(std::string_view text, std::vector<std::int32_t>& ids) const {
  Scratch scratch;
  scratch.text = escaped(text);
  std::vector<Symbol>& symbols = scratch.symbols;
  for (std::size_t at = 0; at < scratch.text.size();) {
    const std::size_t n = std::min(character_bytes(scratch.text[at]), scratch.text.size() - at);
    const auto index = static_cast<std::int32_t>(symbols.size());
    symbols.push_back({at, n, index - 1, index + 1});
    at += n;
  }
  if (symbols.empty()) return;
  symbols.back().next = kEnd;
  merge(scratch);
  for (std::int32_t i = 0; i != kEnd; i = symbols[static_cast<std::size_t>(i)].next) {
    const Symbol& symbol = symbols[static_cast<std::size_t>(i)];
    append_ids(std::string_view(scratch.text).substr(symbol.start, symbol.n_bytes), ids);
  }
}

std::string SentencePieceEncoder::decode(std::string_view token_text) const {
  std::string out;
  while (true) {
    const std::size_t space = token_text.find(kSpace);
    out += token_text.substr(0, space);
    if (space == std::string_view::npos) return out;
    out += ' ';
    token_text.remove_prefix(space + kSpace.size());
  }
}

void SentencePieceEncoder::merge(Scratch& scratch) const {
  std::vector<Symbol>& symbols = scratch.symbols;
  std::vector<Candidate>& heap = scratch.heap;
  for (std::size_t i = 1; i < symbols.size(); ++i) {
    consider(static_cast<std::int32_t>(i - 1), static_cast<std::int32_t>(i), scratch);
  }
  while (!heap.empty()) {
    const Candidate best = heap.front();
    std::pop_heap(heap.begin(), heap.end(), Candidate::is_worse);
    heap.pop_back();
    Symbol& left = symbols[static_cast<std::size_t>(best.left)];
    Symbol& right = symbols[static_cast<std::size_t>(best.right)];
    const bool is_current =
        left.n_bytes != 0 && right.n_bytes != 0 && left.n_bytes + right.n_bytes == best.n_bytes;
    if (!is_current) continue;
    left.n_bytes += right.n_bytes;
    right.n_bytes = 0;
    left.next = right.next;
    if (left.next != kEnd) symbols[static_cast<std::size_t>(left.next)].previous = best.left;
    consider(left.previous, best.left, scratch);
    consider(best.left, left.next, scratch);
  }
}

void SentencePieceEncoder::consider(std::int32_t left, std::int32_t right, Scratch& scratch) const {
  if (left == kEnd || right == kEnd) return;
  const Symbol& first = scratch.symbols[static_cast<std::size_t>(left)];
  const std::size_t n_bytes =
      first.n_bytes + scratch.symbols[static_cast<std::size_t>(right)].n_bytes;
  if (n_bytes > tokens_.longest_bytes()) return;
  const std::int32_t id = tokens_.find(std::string_view(scratch.text).substr(first.start, n_bytes));
  if (id == kNoToken) return;
  scratch.heap.push_back({data_.scores[static_cast<std::size_t>(id)], left, right, n_bytes});
  std::push_heap(scratch.heap.begin(), scratch.heap.end(), Candidate::is_worse);
}

void SentencePieceEncoder::append_ids(std::string_view symbol,
                                      std::vector<std::int32_t>& ids) const {
  const std::int32_t id = tokens_.find(symbol);
  if (id != kNoToken) return ids.push_back(id);
  const std::size_t before = ids.size();
  for (const char c : symbol) {
    const std::int32_t byte_id = byte_tokens_[static_cast<unsigned char>(c)];
    if (byte_id == kNoToken) {
      ids.resize(before);
      if (unk_) ids.push_back(*unk_);
      return;
    }
    ids.push_back(byte_id);
  }
}

}  // namespace wick

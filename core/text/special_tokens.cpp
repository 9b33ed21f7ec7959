// A sorted array serves as the trie: each byte narrows the range of entries that still fit.
#include "text/special_tokens.h"

#include <algorithm>
#include <utility>

namespace wick {
namespace {

/// -1 past the end, so that a shorter text comes first, as in the sorted array.
int byte_at(const SpecialTokens::Entry& entry, std::size_t depth) noexcept {
  return depth < entry.text.size() ? static_cast<unsigned char>(entry.text[depth]) : -1;
}

}  // namespace

SpecialTokens::SpecialTokens(std::vector<Entry> entries) : entries_(std::move(entries)) {
  std::erase_if(entries_, [](const Entry& entry) { return entry.text.empty(); });
  std::sort(entries_.begin(), entries_.end(),
            [](const Entry& a, const Entry& b) { return a.text < b.text; });
  for (const Entry& entry : entries_) starts_[static_cast<unsigned char>(entry.text[0])] = true;
}

const SpecialTokens::Entry* SpecialTokens::longest_at(std::string_view text) const noexcept {
  const Entry* longest = nullptr;
  auto low = entries_.begin();
  auto high = entries_.end();
  for (std::size_t depth = 0; depth < text.size() && low != high; ++depth) {
    const int byte = static_cast<unsigned char>(text[depth]);
    low = std::partition_point(low, high,
                               [&](const Entry& entry) { return byte_at(entry, depth) < byte; });
    high = std::partition_point(low, high,
                                [&](const Entry& entry) { return byte_at(entry, depth) == byte; });
    if (low != high && low->text.size() == depth + 1) longest = &*low;
  }
  return longest;
}

std::optional<SpecialTokens::Match> SpecialTokens::find(std::string_view text,
                                                        std::size_t from) const noexcept {
  for (std::size_t at = from; at < text.size(); ++at) {
    if (!starts_[static_cast<unsigned char>(text[at])]) continue;
    const Entry* entry = longest_at(text.substr(at));
    if (entry != nullptr) return Match{at, entry->text.size(), entry->id};
  }
  return std::nullopt;
}

}  // namespace wick

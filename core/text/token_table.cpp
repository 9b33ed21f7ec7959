// Open addressing with linear probing; a slot keeps 32 bits of the hash, so that texts are compared
// only where they almost surely match.
#include "text/token_table.h"

#include <wick/error.h>

#include <algorithm>
#include <bit>
#include <functional>

#include "files/quoted.h"

namespace wick {
namespace {

std::uint32_t hash_of(std::string_view text) noexcept {
  const std::size_t hash = std::hash<std::string_view>{}(text);
  return static_cast<std::uint32_t>(hash ^ (hash >> 32));
}

}  // namespace

TokenTable::TokenTable(const VocabularyData& data)
    : tokens_(data.tokens), slots_(std::bit_ceil(2 * data.tokens.size() + 1), Slot{0, kNoToken}) {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t id = 0; id < tokens_.size(); ++id) {
    const std::string_view text = tokens_[id];
    if (text.empty()) continue;
    longest_bytes_ = std::max(longest_bytes_, text.size());
    const std::uint32_t hash = hash_of(text);
    std::size_t at = hash & mask;
    for (; slots_[at].id != kNoToken; at = (at + 1) & mask) {
      const Slot& other = slots_[at];
      if (other.hash == hash && tokens_[static_cast<std::size_t>(other.id)] == text) {
        fail(ErrorCode::kBadFile, data.subject, ": the vocabulary holds ", quoted(text),
             " twice, as tokens ", other.id, " and ", id, ", need each text once");
      }
    }
    slots_[at] = {hash, static_cast<std::int32_t>(id)};
  }
}

std::int32_t TokenTable::find(std::string_view text) const noexcept {
  const std::size_t mask = slots_.size() - 1;
  const std::uint32_t hash = hash_of(text);
  for (std::size_t at = hash & mask; slots_[at].id != kNoToken; at = (at + 1) & mask) {
    const Slot& slot = slots_[at];
    if (slot.hash == hash && tokens_[static_cast<std::size_t>(slot.id)] == text) return slot.id;
  }
  return kNoToken;
}

}  // namespace wick

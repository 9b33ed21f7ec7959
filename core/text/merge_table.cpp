// Reads and checks the merges once, so that encoding compares two ids instead of two texts.
#include "text/merge_table.h"

#include <wick/error.h>

#include <bit>
#include <string>

#include "files/quoted.h"

namespace wick {
namespace {

constexpr std::uint64_t kEmpty = ~std::uint64_t{0};

std::uint64_t key_of(std::int32_t left, std::int32_t right) noexcept {
  return std::uint64_t{static_cast<std::uint32_t>(left)} << 32 | static_cast<std::uint32_t>(right);
}

[[noreturn]] void fail_merge(const VocabularyData& data, std::size_t rank, const char* what) {
  fail(ErrorCode::kBadFile, data.subject, ": merge ", rank, " of tokenizer.ggml.merges ", what,
       ", got ", quoted(data.merges[rank]),
       ", need two tokens parted by a space whose concatenation is a token");
}

}  // namespace

MergeTable::MergeTable(const VocabularyData& data, const TokenTable& tokens)
    : slots_(std::bit_ceil(data.merges.size() + data.merges.size() / 2 + 2),
             Slot{kEmpty, {0, kNoToken}}),
      shift_(64 - std::countr_zero(slots_.size())) {
  std::string joined;
  for (std::size_t rank = 0; rank < data.merges.size(); ++rank) {
    const std::string_view merge = data.merges[rank];
    // From 1 on: a piece is not empty, and may itself begin with a space.
    const std::size_t space = merge.find(' ', 1);
    if (space == std::string_view::npos || space + 1 == merge.size()) {
      fail_merge(data, rank, "is not two pieces");
    }
    const std::int32_t left = tokens.find(merge.substr(0, space));
    const std::int32_t right = tokens.find(merge.substr(space + 1));
    joined.assign(merge, 0, space).append(merge, space + 1);
    const std::int32_t result = tokens.find(joined);
    if (left == kNoToken || right == kNoToken)
      fail_merge(data, rank, "has a piece that is no token");
    if (result == kNoToken) fail_merge(data, rank, "makes a text that is no token");
    const std::uint64_t key = key_of(left, right);
    Slot& slot = slots_[slot_of(key)];
    if (slot.key == kEmpty) slot = {key, {static_cast<std::uint32_t>(rank), result}};
  }
}

/// Where the key is, or where it would be put.
std::size_t MergeTable::slot_of(std::uint64_t key) const noexcept {
  // Fibonacci hashing: the high bits of the product depend on all bits of both ids.
  std::size_t at = (key * 0x9E3779B97F4A7C15u) >> shift_;
  while (slots_[at].key != kEmpty && slots_[at].key != key) at = (at + 1) & (slots_.size() - 1);
  return at;
}

const Merge* MergeTable::find(std::int32_t left, std::int32_t right) const noexcept {
  const Slot& slot = slots_[slot_of(key_of(left, right))];
  return slot.key == kEmpty ? nullptr : &slot.merge;
}

}  // namespace wick

// The merges of a byte-pair vocabulary, keyed by token ids. Not for applying them: see bpe.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "text/token_table.h"
#include "text/vocabulary.h"

namespace wick {

struct Merge {
  std::uint32_t rank;   ///< lower is applied first
  std::int32_t result;  ///< the token that the two become
};

/// A hash table from (left id, right id) to Merge, 16 bytes a slot.
class MergeTable {
 public:
  /// Throws Error (kBadFile) for a merge that is not two pieces parted by a space, or one of whose
  /// pieces, or their concatenation, is no token. Of equal merges the first counts.
  MergeTable(const VocabularyData& data, const TokenTable& tokens);

  /// Null if the two do not merge.
  const Merge* find(std::int32_t left, std::int32_t right) const noexcept;

 private:
  struct Slot {
    std::uint64_t key;
    Merge merge;
  };

  std::size_t slot_of(std::uint64_t key) const noexcept;

  std::vector<Slot> slots_;  ///< a power of two, at most two thirds full
  int shift_;                ///< 64 - log2(slots_.size())
};

}  // namespace wick

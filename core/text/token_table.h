// From a token's text to its id. Not for finding tokens inside longer text: see special_tokens.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "text/vocabulary.h"

namespace wick {

inline constexpr std::int32_t kNoToken = -1;

/// A hash table over the views of a vocabulary: 8 bytes a slot, no text of its own. The vocabulary
/// must outlive it.
class TokenTable {
 public:
  /// Empty texts are left out: real files hold some. Throws Error (kBadFile) for a text that stands
  /// twice, because encoding could not choose.
  explicit TokenTable(const VocabularyData& data);

  /// kNoToken if there is none.
  std::int32_t find(std::string_view text) const noexcept;
  std::size_t longest_bytes() const noexcept { return longest_bytes_; }

 private:
  struct Slot {
    std::uint32_t hash;
    std::int32_t id;
  };

  const std::vector<std::string_view>& tokens_;
  std::vector<Slot> slots_;  ///< a power of two, at most half full
  std::size_t longest_bytes_ = 0;
};

}  // namespace wick

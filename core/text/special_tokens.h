// Finds special tokens that are written out in a text. Which tokens are special is tokenizer.h's
// business.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace wick {

/// A set of token texts, which must outlive it. Immutable after add(); safe from any thread then.
class SpecialTokens {
 public:
  struct Entry {
    std::string_view text;
    std::int32_t id;
  };
  struct Match {
    std::size_t position;
    std::size_t n_bytes;
    std::int32_t id;
  };

  SpecialTokens() = default;
  /// Entries with an empty text are left out.
  explicit SpecialTokens(std::vector<Entry> entries);

  /// The leftmost token at or after `from`; of several there, the longest.
  std::optional<Match> find(std::string_view text, std::size_t from) const noexcept;

 private:
  const Entry* longest_at(std::string_view text) const noexcept;

  std::vector<Entry> entries_;         ///< sorted by text
  std::array<bool, 256> starts_ = {};  ///< some text begins with this byte
};

}  // namespace wick

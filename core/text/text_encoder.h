// What differs between tokenizer families. Special tokens and BOS are tokenizer.h's business.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wick {

/// Turns text that holds no special token into ids. Immutable; safe from any thread.
class TextEncoder {
 public:
  virtual ~TextEncoder() = default;
  /// Appends the ids of `text`, any bytes, to `ids`.
  virtual void encode(std::string_view text, std::vector<std::int32_t>& ids) const = 0;
  /// The bytes that a normal token's text in the file stands for.
  virtual std::string decode(std::string_view token_text) const = 0;
};

}  // namespace wick

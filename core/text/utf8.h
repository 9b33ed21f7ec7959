// UTF-8 as bytes: where characters begin, end and break. Knows nothing of what characters mean.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace wick {

/// U+FFFD, what stands for bytes that are no character.
inline constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

enum class Utf8Kind : std::uint8_t {
  kCharacter,   ///< a whole character
  kBroken,      ///< bytes that begin no character, whatever follows
  kIncomplete,  ///< the text ends inside a character
};

struct Utf8Front {
  Utf8Kind kind;
  std::size_t n_bytes;  ///< at least 1; of broken text, what one U+FFFD stands for
};

/// What stands at the front of `text`, which must not be empty. Overlong forms, surrogates and code
/// points above U+10FFFF are broken.
Utf8Front utf8_front(std::string_view text) noexcept;

/// `text` if it is valid, else a copy in `storage` in which U+FFFD stands for every broken byte.
std::string_view repaired_utf8(std::string_view text, std::string& storage);

}  // namespace wick

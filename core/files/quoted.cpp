// Text from a file, made fit for an error message.
#include "files/quoted.h"

#include <cstddef>

namespace wick {

std::string quoted(std::string_view text) {
  constexpr std::size_t kMaxBytes = 64;
  constexpr char kDigits[] = "0123456789abcdef";
  std::string result = "'";
  for (const char letter : text.substr(0, kMaxBytes)) {
    const auto byte = static_cast<unsigned char>(letter);
    if (byte >= 0x20 && byte < 0x7f) {
      result += letter;
    } else {
      result += "\\x";
      result += kDigits[byte >> 4];
      result += kDigits[byte & 15];
    }
  }
  result += text.size() > kMaxBytes ? "...'" : "'";
  return result;
}

}  // namespace wick

// See markup.h.
#include "quality/markup.h"

#include <algorithm>
#include <vector>

#include "text/utf8.h"

namespace wick {
namespace {

/// What a character becomes; itself where nothing is wrong with it.
std::string_view written(std::string_view character) {
  switch (character.front()) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      break;
  }
  const auto byte = static_cast<unsigned char>(character.front());
  const bool is_control = (byte < 0x20 && byte != '\t' && byte != '\n') || byte == 0x7F;
  // U+0080 to U+009F; U+FFFE and U+FFFF.
  const bool is_c1 = byte == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0;
  const bool is_no_character = character == "\xEF\xBF\xBE" || character == "\xEF\xBF\xBF";
  // U+202A to U+202E and U+2066 to U+2069: what follows would stand in another order.
  const bool turns = (character >= "\xE2\x80\xAA" && character <= "\xE2\x80\xAE") ||
                     (character >= "\xE2\x81\xA6" && character <= "\xE2\x81\xA9");
  return is_control || is_c1 || is_no_character || turns ? kReplacement : character;
}

}  // namespace

std::string escape_markup(std::string_view text) {
  std::string storage, out;
  text = repaired_utf8(text, storage);
  while (!text.empty()) {
    const std::size_t n_bytes = utf8_front(text).n_bytes;
    out += written(text.substr(0, n_bytes));
    text.remove_prefix(n_bytes);
  }
  return out;
}

std::string shortened(std::string_view text, std::size_t n_characters) {
  std::string storage;
  text = repaired_utf8(text, storage);
  std::vector<std::size_t> begins;
  for (std::size_t i = 0; i < text.size(); ++i)
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) begins.push_back(i);
  if (begins.size() <= n_characters) return std::string(text);
  const std::size_t front = n_characters / 2, back = n_characters - front - 1;
  return std::string(text.substr(0, begins[front])) + "\xE2\x80\xA6" +
         std::string(back == 0 ? "" : text.substr(begins[begins.size() - back]));
}

}  // namespace wick

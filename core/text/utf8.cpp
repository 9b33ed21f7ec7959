// UTF-8 by the table of well-formed sequences in the Unicode standard, chapter 3.
#include "text/utf8.h"

#include <algorithm>

namespace wick {
namespace {

/// What may follow a lead byte: `n_bytes` in all, the second between `low` and `high`.
struct Lead {
  std::size_t n_bytes;  ///< 0: not a lead byte
  unsigned char low, high;
};

Lead lead_of(unsigned char byte) noexcept {
  if (byte < 0x80) return {1, 0, 0};
  if (byte < 0xC2) return {0, 0, 0};
  if (byte < 0xE0) return {2, 0x80, 0xBF};
  // The bounds of the second byte shut out overlong forms (E0, F0), surrogates (ED) and code points
  // that are too large (F4).
  if (byte == 0xE0) return {3, 0xA0, 0xBF};
  if (byte == 0xED) return {3, 0x80, 0x9F};
  if (byte < 0xF0) return {3, 0x80, 0xBF};
  if (byte == 0xF0) return {4, 0x90, 0xBF};
  if (byte < 0xF4) return {4, 0x80, 0xBF};
  if (byte == 0xF4) return {4, 0x80, 0x8F};
  return {0, 0, 0};
}

std::size_t ascii_prefix(std::string_view text) noexcept {
  const auto end = std::find_if(text.begin(), text.end(), [](char c) { return (c & 0x80) != 0; });
  return static_cast<std::size_t>(end - text.begin());
}

/// Length of the valid text at the front.
std::size_t valid_prefix(std::string_view text) noexcept {
  std::size_t at = 0;
  while (true) {
    at += ascii_prefix(text.substr(at));
    if (at == text.size()) return at;
    const Utf8Front front = utf8_front(text.substr(at));
    if (front.kind != Utf8Kind::kCharacter) return at;
    at += front.n_bytes;
  }
}

}  // namespace

Utf8Front utf8_front(std::string_view text) noexcept {
  const Lead lead = lead_of(static_cast<unsigned char>(text[0]));
  if (lead.n_bytes == 0) return {Utf8Kind::kBroken, 1};
  for (std::size_t i = 1; i < lead.n_bytes; ++i) {
    if (i == text.size()) return {Utf8Kind::kIncomplete, i};
    const auto byte = static_cast<unsigned char>(text[i]);
    const unsigned char low = i == 1 ? lead.low : 0x80;
    const unsigned char high = i == 1 ? lead.high : 0xBF;
    if (byte < low || byte > high) return {Utf8Kind::kBroken, i};
  }
  return {Utf8Kind::kCharacter, lead.n_bytes};
}

std::string_view repaired_utf8(std::string_view text, std::string& storage) {
  std::size_t valid = valid_prefix(text);
  if (valid == text.size()) return text;
  storage.clear();
  while (true) {
    storage += text.substr(0, valid);
    text.remove_prefix(valid);
    if (text.empty()) return storage;
    // One U+FFFD for each byte, not for each broken sequence: the ids that other engines give.
    const std::size_t n_broken = utf8_front(text).n_bytes;
    for (std::size_t i = 0; i < n_broken; ++i) storage += kReplacement;
    text.remove_prefix(n_broken);
    valid = valid_prefix(text);
  }
}

}  // namespace wick

// The 188 bytes that print in Latin-1 stand for themselves; the other 68, in order, are U+0100 up.
#include "text/byte_encoding.h"

#include "text/utf8.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace wick {
namespace {

constexpr unsigned kFirstShifted = 0x100;
constexpr unsigned kEndShifted = kFirstShifted + 68;

constexpr bool stands_for_itself(unsigned byte) {
  return (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
}

struct Alphabet {
  struct Letter {
    char utf8[2];
    std::uint8_t n_bytes;
  };
  std::array<Letter, 256> letters{};
  std::array<std::int16_t, kEndShifted> bytes{};  ///< by code point; -1: not in the alphabet

  constexpr Alphabet() {
    for (std::int16_t& byte : bytes) byte = -1;
    unsigned next = kFirstShifted;
    for (unsigned byte = 0; byte < 256; ++byte) {
      const unsigned code = stands_for_itself(byte) ? byte : next++;
      bytes[code] = static_cast<std::int16_t>(byte);
      if (code < 0x80) {
        letters[byte] = {{static_cast<char>(code), 0}, 1};
      } else {
        letters[byte] = {
            {static_cast<char>(0xC0 | (code >> 6)), static_cast<char>(0x80 | (code & 0x3F))}, 2};
      }
    }
  }
};

constexpr Alphabet kAlphabet;

}  // namespace

std::string_view encoded_byte(unsigned char byte) noexcept {
  const Alphabet::Letter& letter = kAlphabet.letters[byte];
  return {letter.utf8, letter.n_bytes};
}

void append_encoded(std::string_view bytes, std::string& out) {
  for (const char c : bytes) out += encoded_byte(static_cast<unsigned char>(c));
}

std::string decode_bytes(std::string_view whole) {
  std::string_view text = whole;
  std::string bytes;
  bytes.reserve(whole.size());
  while (!text.empty()) {
    const Utf8Front front = utf8_front(text);
    if (front.kind != Utf8Kind::kCharacter || front.n_bytes > 2) break;
    unsigned code = static_cast<unsigned char>(text[0]);
    if (front.n_bytes == 2) {
      code = ((code & 0x1F) << 6) | (static_cast<unsigned char>(text[1]) & 0x3F);
    }
    if (code >= kEndShifted || kAlphabet.bytes[code] < 0) break;
    bytes += static_cast<char>(kAlphabet.bytes[code]);
    text.remove_prefix(front.n_bytes);
  }
  return text.empty() ? bytes : std::string(whole);
}

}  // namespace wick

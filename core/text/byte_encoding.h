// The alphabet of byte-level vocabularies: each byte is written as one printable character, so that
// a vocabulary is a list of words without spaces or control characters. Not for SPM's <0xNN>.
#pragma once

#include <string>
#include <string_view>

namespace wick {

/// The character that stands for a byte, as UTF-8 (1 or 2 bytes): `!` for 0x21, U+0120 for a space.
std::string_view encoded_byte(unsigned char byte) noexcept;

/// Appends what stands for `bytes` to `out`.
void append_encoded(std::string_view bytes, std::string& out);

/// The bytes that `text` stands for. Text with any character outside the alphabet stands for
/// itself.
std::string decode_bytes(std::string_view text);

}  // namespace wick

// The alphabet of byte-level vocabularies.
#include "text/byte_encoding.h"

#include <gtest/gtest.h>

#include <set>

namespace wick {
namespace {

TEST(ByteEncoding, MatchesTheAlphabetOfGpt2) {
  EXPECT_EQ(encoded_byte('!'), "!");
  EXPECT_EQ(encoded_byte('~'), "~");
  EXPECT_EQ(encoded_byte(' '), "\u0120");
  EXPECT_EQ(encoded_byte('\n'), "\u010A");
  EXPECT_EQ(encoded_byte(0x00), "\u0100");
  EXPECT_EQ(encoded_byte(0x7F), "\u0121");
  EXPECT_EQ(encoded_byte(0xA0), "\u0142");
  EXPECT_EQ(encoded_byte(0xAD), "\u0143");
  EXPECT_EQ(encoded_byte(0xAE), "\u00AE");
  EXPECT_EQ(encoded_byte(0xFF), "\u00FF");
}

TEST(ByteEncoding, EveryByteHasALetterOfItsOwnAndComesBack) {
  std::set<std::string> letters;
  for (unsigned byte = 0; byte < 256; ++byte) {
    const std::string letter(encoded_byte(static_cast<unsigned char>(byte)));
    EXPECT_TRUE(letters.insert(letter).second) << byte;
    EXPECT_EQ(decode_bytes(letter), std::string(1, static_cast<char>(byte)));
  }
}

TEST(ByteEncoding, EncodesTexts) {
  std::string out = "x";
  append_encoded("a é", out);
  EXPECT_EQ(out, "xa\u0120Ã©");
  EXPECT_EQ(decode_bytes("a\u0120Ã©"), "a é");
  EXPECT_EQ(decode_bytes(""), "");
}

TEST(ByteEncoding, TextOutsideTheAlphabetStandsForItself) {
  for (const char* text :
       {"a b", "東", "\u0144", "\u0120\n", "\xC4", "\xC0\xA1", "\xC4(", "\x80"}) {
    EXPECT_EQ(decode_bytes(text), text);
  }
}

}  // namespace
}  // namespace wick

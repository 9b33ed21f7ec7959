// Where UTF-8 characters begin, end and break.
#include "text/utf8.h"

#include <gtest/gtest.h>

namespace wick {
namespace {

void expect_front(std::string_view text, Utf8Kind kind, std::size_t n_bytes) {
  const Utf8Front front = utf8_front(text);
  EXPECT_EQ(front.kind, kind) << text;
  EXPECT_EQ(front.n_bytes, n_bytes) << text;
}

TEST(Utf8, KnowsCharactersOfOneToFourBytes) {
  expect_front("ab", Utf8Kind::kCharacter, 1);
  expect_front("éb", Utf8Kind::kCharacter, 2);
  expect_front("東b", Utf8Kind::kCharacter, 3);
  expect_front("😀b", Utf8Kind::kCharacter, 4);
  expect_front(std::string_view("\0", 1), Utf8Kind::kCharacter, 1);
  expect_front("\xF4\x8F\xBF\xBF", Utf8Kind::kCharacter, 4);  // U+10FFFF, the last
}

TEST(Utf8, KnowsACharacterThatMayStillBeCompleted) {
  expect_front("\xC3", Utf8Kind::kIncomplete, 1);
  expect_front("\xE6\x9D", Utf8Kind::kIncomplete, 2);
  expect_front("\xF0\x9F\x98", Utf8Kind::kIncomplete, 3);
}

TEST(Utf8, RefusesWhatNoCharacterBeginsWith) {
  expect_front("\x80", Utf8Kind::kBroken, 1);
  expect_front("\xFF", Utf8Kind::kBroken, 1);
  expect_front("\xC0\xAF", Utf8Kind::kBroken, 1);          // overlong /
  expect_front("\xE0\x80\x80", Utf8Kind::kBroken, 1);      // overlong
  expect_front("\xED\xA0\x80", Utf8Kind::kBroken, 1);      // surrogate
  expect_front("\xF4\x90\x80\x80", Utf8Kind::kBroken, 1);  // past U+10FFFF
  expect_front("\xF0\x9F\x98 ", Utf8Kind::kBroken, 3);     // cut, then something else
}

TEST(Utf8, RepairsEachBrokenByteAndCopiesNothingValid) {
  std::string storage;
  const std::string_view valid = "naïve 東京 😀";
  EXPECT_EQ(repaired_utf8(valid, storage).data(), valid.data());
  EXPECT_EQ(repaired_utf8("", storage), "");
  EXPECT_EQ(repaired_utf8("a\xFF\x62", storage), "a\uFFFDb");
  EXPECT_EQ(repaired_utf8("\xE6\x9D", storage), "\uFFFD\uFFFD");
  EXPECT_EQ(repaired_utf8("é\x80東\xC3", storage), "é\uFFFD東\uFFFD");
}

}  // namespace
}  // namespace wick

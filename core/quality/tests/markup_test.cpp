// What names from files become inside a page.
#include "quality/markup.h"

#include <gtest/gtest.h>

#include <string>

namespace wick {
namespace {

const std::string kReplaced = "\xEF\xBF\xBD";

TEST(EscapeMarkup, LeavesPlainTextAlone) {
  EXPECT_EQ(escape_markup("blk.0.attn_q.weight"), "blk.0.attn_q.weight");
  EXPECT_EQ(escape_markup("\xC3\xA9\xE2\x80\xA6\xF0\x9F\x98\x80"),
            "\xC3\xA9\xE2\x80\xA6\xF0\x9F\x98\x80");
}

TEST(EscapeMarkup, WritesWhatMarkupIsMadeOfAsReferences) {
  EXPECT_EQ(escape_markup("</text><script>\"'&amp;"),
            "&lt;/text&gt;&lt;script&gt;&quot;&#39;&amp;amp;");
}

TEST(EscapeMarkup, ReplacesWhatXmlCannotHold) {
  EXPECT_EQ(escape_markup(std::string("a\0b\x1B\x7F", 5)),
            "a" + kReplaced + "b" + kReplaced + kReplaced);
  EXPECT_EQ(escape_markup("\xC2\x85"), kReplaced);
  EXPECT_EQ(escape_markup("\xEF\xBF\xBE\xEF\xBF\xBF"), kReplaced + kReplaced);
  EXPECT_EQ(escape_markup("\t\n"), "\t\n");
}

TEST(EscapeMarkup, ReplacesBrokenBytesOneByOne) {
  EXPECT_EQ(escape_markup("a\xFF\xC3z"), "a" + kReplaced + kReplaced + "z");
}

TEST(EscapeMarkup, TakesAwayWhatTurnsTheDirectionOfText) {
  EXPECT_EQ(escape_markup("a\xE2\x80\xAEz"), "a" + kReplaced + "z");
  EXPECT_EQ(escape_markup("\xE2\x81\xA6"), kReplaced);
}

TEST(Shortened, KeepsBothEnds) {
  EXPECT_EQ(shortened("attn_q", 6), "attn_q");
  EXPECT_EQ(shortened("abcdefghij", 5), "ab\xE2\x80\xA6ij");
  EXPECT_EQ(shortened("\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9", 3), "\xC3\xA9\xE2\x80\xA6\xC3\xA9");
  EXPECT_EQ(shortened("abc", 1), "\xE2\x80\xA6");
}

}  // namespace
}  // namespace wick

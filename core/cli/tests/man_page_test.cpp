// Text that roff must not take for its own language.
#include "cli/man_page.h"

#include <gtest/gtest.h>

namespace wick::cli {
namespace {

TEST(RoffText, KeepsWhatOpensALineFromBeingARequest) {
  EXPECT_EQ(roff_text(".gguf"), "\\&.gguf");
  EXPECT_EQ(roff_text("'x"), "\\&\\(aqx");
  EXPECT_EQ(roff_text("a.gguf"), "a.gguf");
}

TEST(RoffText, KeepsBackslashesHyphensAndQuotes) {
  EXPECT_EQ(roff_text("\\d --ctx"), "\\ed \\-\\-ctx");
  EXPECT_EQ(roff_text("\"~^\""), "\\(dq\\(ti\\(ha\\(dq");
}

TEST(RoffText, MakesWordsInBackticksBold) {
  EXPECT_EQ(roff_text("as `wick run`."), "as \\fBwick run\\fR.");
  EXPECT_EQ(roff_text("`open"), "\\fBopen\\fR");
}

}  // namespace
}  // namespace wick::cli

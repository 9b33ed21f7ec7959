// Patterns that are looked for in a text, and what is said of wrong ones. Parting text is tested by
// the tokenizers.
#include "text/regex.h"

#include <gtest/gtest.h>

#include "base/tests/temp_folder.h"

namespace wick {
namespace {

TEST(Regex, IsFoundAnywhereInAText) {
  const Regex regex("ffn_(up|down)");
  EXPECT_TRUE(regex.is_in("blk.0.ffn_up.weight"));
  EXPECT_FALSE(regex.is_in("blk.0.ffn_gate.weight"));
  EXPECT_TRUE(Regex("^$").is_in(""));
}

TEST(Regex, ThatIsWrongIsTheFaultOfItsOrigin) {
  expect_error(ErrorCode::kInternal, "tokenizer: the pattern '('", [] { Regex("("); });
  expect_error(ErrorCode::kUsage, "--option: the pattern '[a' is wrong at byte 2", [] {
    Regex("[a", {"--option", ErrorCode::kUsage});
  });
}

TEST(Regex, ThatMayTakeSomeStepsGivesUpBehindThem) {
  const Regex regex("^(a+)+$", {"--option", ErrorCode::kUsage, 1000});
  EXPECT_TRUE(regex.is_in("aaaa"));
  expect_error(ErrorCode::kUsage, "--option: a pattern failed",
               [&] { regex.is_in(std::string(100, 'a') + "b"); });
}

}  // namespace
}  // namespace wick

// Finding special tokens in a text.
#include "text/special_tokens.h"

#include <gtest/gtest.h>

namespace wick {
namespace {

void expect_match(const SpecialTokens& tokens, std::string_view text, std::size_t from,
                  const SpecialTokens::Match& expected) {
  const std::optional<SpecialTokens::Match> match = tokens.find(text, from);
  ASSERT_TRUE(match) << text;
  EXPECT_EQ(match->position, expected.position) << text;
  EXPECT_EQ(match->n_bytes, expected.n_bytes) << text;
  EXPECT_EQ(match->id, expected.id) << text;
}

TEST(SpecialTokens, TheLeftmostIsFoundFirst) {
  const SpecialTokens tokens({{"<b>", 1}, {"<a>", 2}});
  expect_match(tokens, "x<a><b>", 0, {1, 3, 2});
  expect_match(tokens, "x<a><b>", 2, {4, 3, 1});
  EXPECT_FALSE(tokens.find("x<a><b>", 5));
}

TEST(SpecialTokens, OfSeveralInOnePlaceTheLongestIsTaken) {
  const SpecialTokens tokens({{"\n", 1}, {"\n\n\n", 3}, {"\n\n", 2}});
  expect_match(tokens, "a\n\n\n\n", 0, {1, 3, 3});
  expect_match(tokens, "a\n\nb", 0, {1, 2, 2});
  expect_match(tokens, "\n", 0, {0, 1, 1});
}

TEST(SpecialTokens, ALongerOneThatBreaksOffLeavesTheShorter) {
  const SpecialTokens tokens({{"<|a", 1}, {"<|abcd|>", 2}});
  expect_match(tokens, "<|abcd", 0, {0, 3, 1});
}

TEST(SpecialTokens, ABrokenStartHidesNoLaterToken) {
  const SpecialTokens tokens({{"<<|x", 1}, {"<|y", 2}});
  expect_match(tokens, "<<|y", 0, {1, 3, 2});
}

TEST(SpecialTokens, BytesAboveAsciiAreInOrder) {
  const SpecialTokens tokens({{"é", 1}, {"e", 2}, {"\xFF", 3}});
  expect_match(tokens, "zé", 0, {1, 2, 1});
  expect_match(tokens, "\xFF", 0, {0, 1, 3});
}

TEST(SpecialTokens, NoneAreFoundAmongNone) {
  EXPECT_FALSE(SpecialTokens().find("<s>", 0));
  EXPECT_FALSE(SpecialTokens({{"", 1}}).find("<s>", 0));
}

}  // namespace
}  // namespace wick

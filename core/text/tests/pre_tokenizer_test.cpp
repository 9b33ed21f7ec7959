// Where each pre-tokenizer parts text; the expected words were reasoned by hand from its patterns.
#include "text/pre_tokenizer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "base/tests/temp_folder.h"
#include "text/utf8.h"

namespace wick {
namespace {

using testing::ElementsAre;

std::vector<std::string> words(const std::string& name, std::string_view text) {
  std::vector<std::string_view> views;
  PreTokenizer(pre_tokenizer_rules(name, "test")).split(text, views);
  return {views.begin(), views.end()};
}

TEST(PreTokenizer, Lfm2TakesDigitsByThreesAndLineEndsTogether) {
  EXPECT_THAT(words("lfm2", "Hello world's 12345  x\n\n y"),
              ElementsAre("Hello", " world", "'s", " ", "123", "45", " ", " x", "\n\n", " y"));
}

TEST(PreTokenizer, Lfm2PutsOneSignBeforeAWordAndLineEndsBehindSigns) {
  EXPECT_THAT(words("lfm2", "(abc) ...\r\n!"), ElementsAre("(abc", ")", " ...\r\n", "!"));
}

TEST(PreTokenizer, Lfm2KnowsContractionsInCapitals) {
  EXPECT_THAT(words("lfm2", "WE'RE"), ElementsAre("WE", "'RE"));
  EXPECT_THAT(words("gpt-2", "WE'RE"), ElementsAre("WE", "'", "RE"));
}

TEST(PreTokenizer, AliasesPartAlike) {
  const char* text = "It's 2024: naïve café, 東京 12 345\t\tend  \n";
  EXPECT_EQ(words("lfm2", text), words("llama-bpe", text));
  EXPECT_EQ(words("llama3", text), words("llama-bpe", text));
  EXPECT_EQ(words("llama-v3", text), words("llama-bpe", text));
}

TEST(PreTokenizer, Gpt2TakesDigitsTogetherWithTheSpaceBefore) {
  EXPECT_THAT(words("gpt-2", "we're 12345  x\n\n y"),
              ElementsAre("we", "'re", " 12345", " ", " x", "\n\n", " y"));
}

TEST(PreTokenizer, Gpt2LeavesTheLastSpaceOfARunToTheWord) {
  EXPECT_THAT(words("gpt-2", "a   b   "), ElementsAre("a", "  ", " b", "   "));
}

TEST(PreTokenizer, Qwen2TakesDigitsOneByOne) {
  EXPECT_THAT(words("qwen2", "a12 34"), ElementsAre("a", "1", "2", " ", "3", "4"));
}

TEST(PreTokenizer, SmollmCutsDigitsOutBeforeAnythingElse) {
  // The space before 1 is left alone: digits were cut out first, so " ?\p{N}+" never sees both.
  EXPECT_THAT(words("smollm", "abc 123's x"), ElementsAre("abc", " ", "1", "2", "3", "'s", " x"));
}

TEST(PreTokenizer, SmollmTakesDigitsOfAnyScript) {
  EXPECT_THAT(words("smollm", "x٣٤"), ElementsAre("x", "٣", "٤"));
}

TEST(PreTokenizer, DefaultCutsPunctuationThenWordsThenDigitsByThrees) {
  EXPECT_THAT(words("default", "Hello, world 12345!"),
              ElementsAre("Hello", ",", " world", " ", "123", "45", "!"));
}

TEST(PreTokenizer, DefaultCountsSomeSymbolsAsPunctuation) {
  // $ and + are in the class by name; ` is a symbol that is not, and goes with the space before it.
  EXPECT_THAT(words("default", "a$+b `"), ElementsAre("a", "$+", "b", " `"));
}

TEST(PreTokenizer, TheMongolianVowelSeparatorIsNoSpace) {
  // PCRE2's \s would take it with the two spaces.
  EXPECT_THAT(words("gpt-2", "a  \u180E"), ElementsAre("a", " ", " \u180E"));
  EXPECT_THAT(words("gpt-2", "a  \u3000"), ElementsAre("a", "  \u3000"));
}

TEST(PreTokenizer, NoTextHasNoWords) {
  EXPECT_THAT(words("llama-bpe", ""), ElementsAre());
}

TEST(PreTokenizer, AnUnknownNameIsUnavailableAndTheKnownAreListed) {
  for (const char* word : {"model.gguf: ", "'no-such'", "smollm"}) {
    expect_error(ErrorCode::kUnavailable, word,
                 [] { pre_tokenizer_rules("no-such", "model.gguf"); });
  }
}

class EveryPreTokenizer : public testing::TestWithParam<const char*> {};

TEST_P(EveryPreTokenizer, LosesNothingOfRandomText) {
  const PreTokenizer pre_tokenizer(pre_tokenizer_rules(GetParam(), "test"));
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  const std::string alphabet[] = {"a",  "B", " ", " ",      "\n",     "\r",    "\t",
                                  "1",  "9", "'", "s",      "!",      "$",     "é",
                                  "東", "٣", "😀", "\u00A0", "\u0301", "\u180E"};
  for (int round = 0; round < 300; ++round) {
    std::string text;
    for (unsigned n = random() % 40; n > 0; --n) text += alphabet[random() % std::size(alphabet)];
    std::vector<std::string_view> views;
    pre_tokenizer.split(text, views);
    std::string joined;
    for (const std::string_view word : views) {
      EXPECT_FALSE(word.empty());
      EXPECT_EQ(utf8_front(word).kind, Utf8Kind::kCharacter);
      joined += word;
    }
    EXPECT_EQ(joined, text);
  }
}

INSTANTIATE_TEST_SUITE_P(Names, EveryPreTokenizer,
                         testing::Values("llama-bpe", "gpt-2", "qwen2", "smollm", "lfm2",
                                         "default"),
                         [](const auto& param) {
                           std::string name = param.param;
                           for (char& c : name) c = c == '-' ? '_' : c;
                           return name;
                         });

}  // namespace
}  // namespace wick

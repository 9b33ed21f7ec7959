// SentencePiece encoding on hand-made vocabularies, against a plain implementation.
#include "text/spm.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>

#include "text/tests/small_vocabulary.h"
#include "text/tokenizer.h"

namespace wick {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr EncodeOptions kNoBos{.add_bos = false, .parse_special = true, .add_eos = false};

std::vector<std::int32_t> encode(const SmallVocabulary& vocabulary, std::string_view text,
                                 const EncodeOptions& options = kNoBos) {
  return Tokenizer::create(vocabulary.build())->encode(text, options);
}

TEST(Spm, MergesTheBestScoreFirst) {
  SmallVocabulary vocabulary = piece_vocabulary(true);
  vocabulary.data.add_space_prefix = false;
  const std::int32_t a = vocabulary.add("a", TokenType::kNormal, -10);
  vocabulary.add("b", TokenType::kNormal, -10);
  vocabulary.add("c", TokenType::kNormal, -10);
  vocabulary.add("ab", TokenType::kNormal, -3);
  const std::int32_t bc = vocabulary.add("bc", TokenType::kNormal, -2);
  EXPECT_THAT(encode(vocabulary, "abc"), ElementsAre(a, bc));
}

TEST(Spm, PutsASpaceBeforeTheTextAndBehindSpecialTokens) {
  SmallVocabulary vocabulary = piece_vocabulary(true);
  const std::int32_t space = vocabulary.add("\u2581");
  const std::int32_t a = vocabulary.add("a");
  EXPECT_THAT(encode(vocabulary, "a a"), ElementsAre(space, a, space, a));
  EXPECT_THAT(encode(vocabulary, "a</s>a"), ElementsAre(space, a, 2, space, a));
  EXPECT_THAT(encode(vocabulary, ""), IsEmpty());
  vocabulary.data.add_space_prefix = false;
  EXPECT_THAT(encode(vocabulary, "a"), ElementsAre(a));
}

TEST(Spm, AddsBosWhereTheFileIsSilent) {
  SmallVocabulary vocabulary = piece_vocabulary(true);
  EXPECT_THAT(encode(vocabulary, "", {}), ElementsAre(1));
  vocabulary.data.add_bos = false;
  EXPECT_THAT(encode(vocabulary, "", {}), IsEmpty());
}

TEST(Spm, FallsBackToBytes) {
  SmallVocabulary vocabulary = piece_vocabulary(true);
  vocabulary.data.add_space_prefix = false;
  EXPECT_THAT(encode(vocabulary, "é"), ElementsAre(3 + 0xC3, 3 + 0xA9));
  EXPECT_THAT(encode(vocabulary, "\xFF\xE2\x96"), ElementsAre(3 + 0xFF, 3 + 0xE2, 3 + 0x96));
}

TEST(Spm, FallsBackToUnknownOncePerCharacterWithoutBytes) {
  SmallVocabulary vocabulary = piece_vocabulary(false);
  vocabulary.data.add_space_prefix = false;
  const std::int32_t a = vocabulary.add("a");
  EXPECT_THAT(encode(vocabulary, "aé東"), ElementsAre(a, 0, 0));
}

TEST(Spm, BytesComeBackAsTheyWere) {
  const std::unique_ptr<Tokenizer> tokenizer = Tokenizer::create(piece_vocabulary(true).build());
  std::string text;
  for (const std::int32_t id : tokenizer->encode("x\xFF\x80y", kNoBos)) {
    text += tokenizer->piece(id, SpecialText::kHidden);
  }
  // The space prefix has no token of its own here: its bytes stand for U+2581.
  EXPECT_EQ(text, "\u2581x\xFF\x80y");
}

TEST(Spm, AMegabyteOfOneLetterTakesNoMoreThanNLogN) {
  SmallVocabulary vocabulary = piece_vocabulary(true);
  vocabulary.data.add_space_prefix = false;
  std::int32_t longest = 0;
  for (std::size_t n = 1; n <= 16; n *= 2) {
    longest = vocabulary.add(std::string(n, 'a'), TokenType::kNormal, -static_cast<float>(n));
  }
  EXPECT_EQ(encode(vocabulary, std::string(1 << 20, 'a')),
            std::vector<std::int32_t>((1 << 20) / 16, longest));
}

/// Merges the best pair again and again, as the definition says.
std::vector<std::string> plain_merge(const std::string& text,
                                     const std::map<std::string, float>& scores) {
  std::vector<std::string> parts;
  for (const char c : text) parts.emplace_back(1, c);
  while (true) {
    const float* best = nullptr;
    std::size_t where = 0;
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
      const auto found = scores.find(parts[i] + parts[i + 1]);
      if (found == scores.end() || (best != nullptr && found->second <= *best)) continue;
      best = &found->second;
      where = i;
    }
    if (best == nullptr) return parts;
    parts[where] += parts[where + 1];
    parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(where) + 1);
  }
}

TEST(Spm, AgreesWithAPlainImplementationOnRandomTexts) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  const auto text_of = [&](unsigned n) {
    std::string text;
    for (; n > 0; --n) text += static_cast<char>('a' + random() % 3);
    return text;
  };
  for (int round = 0; round < 50; ++round) {
    SmallVocabulary vocabulary = piece_vocabulary(false);
    vocabulary.data.add_space_prefix = false;
    std::map<std::string, float> scores;
    std::map<std::string, std::int32_t> ids;
    const auto add = [&](const std::string& text) {
      if (ids.count(text) != 0) return;
      // Few values, so that equal scores are common.
      scores[text] = -static_cast<float>(random() % 5);
      ids[text] = vocabulary.add(text, TokenType::kNormal, scores[text]);
    };
    for (const char* letter : {"a", "b", "c"}) add(letter);
    for (int n = 0; n < 20; ++n) add(text_of(2 + random() % 4));
    const std::unique_ptr<Tokenizer> tokenizer = Tokenizer::create(vocabulary.build());
    for (int n = 0; n < 20; ++n) {
      const std::string text = text_of(1 + random() % 40);
      std::vector<std::int32_t> expected;
      for (const std::string& part : plain_merge(text, scores)) expected.push_back(ids.at(part));
      EXPECT_EQ(tokenizer->encode(text, kNoBos), expected) << text;
    }
  }
}

}  // namespace
}  // namespace wick

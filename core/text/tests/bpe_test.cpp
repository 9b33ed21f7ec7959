// Byte-pair encoding on hand-made vocabularies, against a plain implementation.
#include "text/bpe.h"

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

std::vector<std::int32_t> encode(const SmallVocabulary& vocabulary, std::string_view text) {
  return Tokenizer::create(vocabulary.build())->encode(text);
}

TEST(Bpe, AppliesTheEarlierMergeFirst) {
  SmallVocabulary vocabulary = byte_vocabulary("gpt-2");
  const std::int32_t bc = vocabulary.merge("b", "c");
  vocabulary.merge("a", "b");
  EXPECT_THAT(encode(vocabulary, "abc"), ElementsAre('a', bc));
}

TEST(Bpe, OfEqualMergesTheLeftmostGoesFirst) {
  SmallVocabulary vocabulary = byte_vocabulary("gpt-2");
  const std::int32_t aa = vocabulary.merge("a", "a");
  EXPECT_THAT(encode(vocabulary, "aaaaa"), ElementsAre(aa, aa, 'a'));
}

TEST(Bpe, MergesAcrossEncodedBytes) {
  SmallVocabulary vocabulary = byte_vocabulary("gpt-2");
  const std::int32_t space_a = vocabulary.merge("\u0120", "a");
  EXPECT_THAT(encode(vocabulary, "a a"), ElementsAre('a', space_a));
}

TEST(Bpe, NeverMergesAcrossWords) {
  SmallVocabulary vocabulary = byte_vocabulary("gpt-2");
  vocabulary.merge("a", "\u0120");
  EXPECT_THAT(encode(vocabulary, "a b"), ElementsAre('a', ' ', 'b'));
}

TEST(Bpe, TakesAWordThatIsATokenWholeOnlyWhereThePreTokenizerSaysSo) {
  for (const char* pre : {"gpt-2", "llama-bpe"}) {
    SmallVocabulary vocabulary = byte_vocabulary(pre);
    const std::int32_t ab = vocabulary.merge("a", "b");
    const std::int32_t abc = vocabulary.add("abc");
    if (std::string(pre) == "llama-bpe") {
      EXPECT_THAT(encode(vocabulary, "abc"), ElementsAre(abc));
    } else {
      EXPECT_THAT(encode(vocabulary, "abc"), ElementsAre(ab, 'c'));
    }
  }
}

TEST(Bpe, OfRepeatedMergesTheFirstCounts) {
  SmallVocabulary vocabulary = byte_vocabulary("gpt-2");
  const std::int32_t ab = vocabulary.merge("a", "b");
  vocabulary.merge("b", "c");
  vocabulary.data.merges.push_back("a b");
  EXPECT_THAT(encode(vocabulary, "abc"), ElementsAre(ab, 'c'));
}

TEST(Bpe, BrokenUtf8BecomesReplacementCharacters) {
  SmallVocabulary vocabulary = byte_vocabulary("gpt-2");
  vocabulary.merge("a", "b");
  EXPECT_THAT(encode(vocabulary, "a\xFFz"), ElementsAre('a', 0xEF, 0xBF, 0xBD, 'z'));
  // Two bytes of a character of three: one replacement for each.
  EXPECT_THAT(encode(vocabulary, "\xE2\x96"), ElementsAre(0xEF, 0xBF, 0xBD, 0xEF, 0xBF, 0xBD));
}

TEST(Bpe, KeepsNulBytes) {
  SmallVocabulary vocabulary = byte_vocabulary("gpt-2");
  vocabulary.merge("a", "b");
  EXPECT_THAT(encode(vocabulary, std::string_view("a\0b", 3)), ElementsAre('a', 0, 'b'));
}

TEST(Bpe, LeavesOutBytesThatTheVocabularyLacks) {
  SmallVocabulary vocabulary("gpt2", "gpt-2");
  vocabulary.add("a");
  vocabulary.add("b");
  const std::int32_t ab = vocabulary.merge("a", "b");
  EXPECT_THAT(encode(vocabulary, "zabz"), ElementsAre(ab));
  EXPECT_THAT(encode(vocabulary, "zzz"), IsEmpty());
}

TEST(Bpe, AMegabyteOfOneLetterTakesNoMoreThanNLogN) {
  SmallVocabulary vocabulary = byte_vocabulary("llama-bpe");
  std::string piece = "a";
  for (; piece.size() < 16; piece += piece) vocabulary.merge(piece, piece);
  const std::int32_t longest = static_cast<std::int32_t>(vocabulary.data.tokens.size()) - 1;
  // A quadratic encoder would take hours, and this test its time limit.
  EXPECT_EQ(encode(vocabulary, std::string(1 << 20, 'a')),
            std::vector<std::int32_t>((1 << 20) / 16, longest));
}

/// Merges the best pair again and again, in text, as the definition says.
std::vector<std::string> plain_merge(
    const std::string& word, const std::map<std::pair<std::string, std::string>, int>& ranks) {
  std::vector<std::string> parts;
  for (const char c : word) parts.emplace_back(1, c);
  while (true) {
    int best = -1;
    std::size_t where = 0;
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
      const auto found = ranks.find({parts[i], parts[i + 1]});
      if (found == ranks.end() || (best >= 0 && found->second >= best)) continue;
      best = found->second;
      where = i;
    }
    if (best < 0) return parts;
    parts[where] += parts[where + 1];
    parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(where) + 1);
  }
}

TEST(Bpe, AgreesWithAPlainImplementationOnRandomWords) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 50; ++round) {
    SmallVocabulary vocabulary = byte_vocabulary("gpt-2");
    std::map<std::pair<std::string, std::string>, int> ranks;
    std::map<std::string, std::int32_t> ids = {{"a", 'a'}, {"b", 'b'}, {"c", 'c'}};
    std::vector<std::string> pieces = {"a", "b", "c"};
    for (int n = 0; n < 20; ++n) {
      const std::string left = pieces[random() % pieces.size()];
      const std::string right = pieces[random() % pieces.size()];
      if (ids.count(left + right) != 0) continue;
      ranks[{left, right}] = n;
      ids[left + right] = vocabulary.merge(left, right);
      pieces.push_back(left + right);
    }
    const std::unique_ptr<Tokenizer> tokenizer = Tokenizer::create(vocabulary.build());
    for (int n = 0; n < 20; ++n) {
      std::string word;
      for (unsigned i = 1 + random() % 40; i > 0; --i)
        word += static_cast<char>('a' + random() % 3);
      std::vector<std::int32_t> expected;
      for (const std::string& part : plain_merge(word, ranks)) expected.push_back(ids.at(part));
      EXPECT_EQ(tokenizer->encode(word), expected) << word;
    }
  }
}

}  // namespace
}  // namespace wick

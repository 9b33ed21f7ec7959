// Vocabularies that contradict themselves, by hand and from a GGUF file.
#include "text/vocabulary.h"

#include <gtest/gtest.h>

#include <functional>
#include <limits>

#include "base/tests/temp_folder.h"
#include "files/gguf.h"
#include "files/gguf_writer.h"
#include "text/tests/small_vocabulary.h"
#include "text/tokenizer.h"

namespace wick {
namespace {

struct BadCase {
  const char* name;
  const char* word;  ///< of the sentence
  void (*spoil)(SmallVocabulary&);
};

std::ostream& operator<<(std::ostream& out, const BadCase& bad) {
  return out << bad.name;
}

class BadVocabulary : public testing::TestWithParam<BadCase> {};

TEST_P(BadVocabulary, IsABadFile) {
  SmallVocabulary vocabulary = byte_vocabulary("gpt-2");
  vocabulary.merge("a", "b");
  GetParam().spoil(vocabulary);
  expect_error(ErrorCode::kBadFile, GetParam().word,
               [&] { Tokenizer::create(vocabulary.build()); });
}

const BadCase kBadCases[] = {
    {"no_tokens", "empty", [](SmallVocabulary& v) { v.data.tokens.clear(); }},
    {"types_too_few", "token_type", [](SmallVocabulary& v) { v.data.types.pop_back(); }},
    {"types_too_many", "token_type",
     [](SmallVocabulary& v) { v.data.types.push_back(TokenType::kNormal); }},
    {"scores_too_few", "scores", [](SmallVocabulary& v) { v.data.scores.pop_back(); }},
    {"score_nan", "NaN",
     [](SmallVocabulary& v) { v.data.scores[3] = std::numeric_limits<float>::quiet_NaN(); }},
    {"bos_too_large", "bos", [](SmallVocabulary& v) { v.data.bos = 257; }},
    {"eos_negative", "eos", [](SmallVocabulary& v) { v.data.eos = -1; }},
    {"eot_too_large", "eot", [](SmallVocabulary& v) { v.data.eot = 1 << 30; }},
    {"eom_too_large", "eom", [](SmallVocabulary& v) { v.data.eom = 1 << 30; }},
    {"unknown_too_large", "unknown", [](SmallVocabulary& v) { v.data.unk = 1 << 30; }},
    {"padding_too_large", "padding", [](SmallVocabulary& v) { v.data.pad = 1 << 30; }},
    {"token_twice", "twice", [](SmallVocabulary& v) { v.add("ab"); }},
    {"byte_token_of_no_byte", "byte token",
     [](SmallVocabulary& v) { v.add("<0xG0>", TokenType::kByte); }},
    {"control_token_too_long", "special token",
     [](SmallVocabulary& v) { v.add(std::string(1025, 'x'), TokenType::kControl); }},
    {"no_merges", "merges", [](SmallVocabulary& v) { v.data.merges.clear(); }},
    {"merge_of_one_piece", "two pieces", [](SmallVocabulary& v) { v.data.merges.push_back("ab"); }},
    {"merge_empty", "two pieces", [](SmallVocabulary& v) { v.data.merges.push_back(""); }},
    {"merge_without_right", "two pieces",
     [](SmallVocabulary& v) { v.data.merges.push_back("a "); }},
    {"merge_of_only_a_space", "two pieces",
     [](SmallVocabulary& v) { v.data.merges.push_back(" "); }},
    {"merge_of_unknown_piece", "no token",
     [](SmallVocabulary& v) { v.data.merges.push_back("a zz"); }},
    {"merge_of_three_pieces", "no token",
     [](SmallVocabulary& v) { v.data.merges.push_back("a b c"); }},
    {"merge_into_unknown", "makes a text that is no token",
     [](SmallVocabulary& v) { v.data.merges.push_back("b a"); }},
};

INSTANTIATE_TEST_SUITE_P(Cases, BadVocabulary, testing::ValuesIn(kBadCases),
                         [](const auto& param) { return std::string(param.param.name); });

TEST(Vocabulary, ATokenOfMoreThan64KiBIsABadFile) {
  SmallVocabulary vocabulary = byte_vocabulary("gpt-2");
  vocabulary.merge("a", "b");
  vocabulary.add(std::string((1 << 16) + 1, 'x'));
  expect_error(ErrorCode::kBadFile, "too long", [&] { Tokenizer::create(vocabulary.build()); });
}

TEST(Vocabulary, ScoresAreNeededBySentencePiece) {
  SmallVocabulary vocabulary = piece_vocabulary(true);
  vocabulary.data.scores.clear();
  expect_error(ErrorCode::kBadFile, "scores", [&] { Tokenizer::create(vocabulary.build()); });
}

TEST(Vocabulary, AnUnknownFamilyIsUnavailable) {
  SmallVocabulary vocabulary("no-such", std::nullopt);
  vocabulary.add("a");
  expect_error(ErrorCode::kUnavailable, "'no-such'",
               [&] { Tokenizer::create(vocabulary.build()); });
}

TEST(Vocabulary, AnUnknownPreTokenizerIsUnavailable) {
  SmallVocabulary vocabulary = byte_vocabulary("no-such");
  vocabulary.merge("a", "b");
  expect_error(ErrorCode::kUnavailable, "'no-such'",
               [&] { Tokenizer::create(vocabulary.build()); });
}

TEST(Vocabulary, EmptyTokensAreTolerated) {
  SmallVocabulary vocabulary = byte_vocabulary("gpt-2");
  vocabulary.merge("a", "b");
  vocabulary.add("");
  vocabulary.add("", TokenType::kControl);
  const auto tokenizer = Tokenizer::create(vocabulary.build());
  EXPECT_EQ(tokenizer->encode("ab"), std::vector<std::int32_t>{256});
  EXPECT_EQ(tokenizer->piece(257, SpecialText::kShown), "");
}

/// Writes the tokenizer's keys; `spoil` may leave one out or put another in its place.
class GgufVocabulary : public testing::Test {
 protected:
  using Write = std::function<void(GgufWriter&)>;

  std::string write(const std::string& replaced, const Write& replacement) {
    std::string path = folder_.file("model.gguf");
    GgufWriter writer(path);
    const auto put = [&](const std::string& key, const Write& value) {
      (key == replaced ? replacement : value)(writer);
    };
    const std::vector<std::string> tokens = {"a", "b", "ab", "<s>", "</s>"};
    const std::vector<std::string> merges = {"a b"};
    const std::vector<std::int32_t> types = {1, 1, 1, 3, 3};
    put("model", [](GgufWriter& w) { w.add_string("tokenizer.ggml.model", "gpt2"); });
    put("pre", [](GgufWriter& w) { w.add_string("tokenizer.ggml.pre", "gpt-2"); });
    put("tokens", [&](GgufWriter& w) { w.add_strings("tokenizer.ggml.tokens", tokens); });
    put("merges", [&](GgufWriter& w) { w.add_strings("tokenizer.ggml.merges", merges); });
    put("types",
        [&](GgufWriter& w) { w.add_numbers<std::int32_t>("tokenizer.ggml.token_type", types); });
    put("bos",
        [](GgufWriter& w) { w.add_number<std::uint32_t>("tokenizer.ggml.bos_token_id", 3); });
    put("eos",
        [](GgufWriter& w) { w.add_number<std::uint32_t>("tokenizer.ggml.eos_token_id", 4); });
    put("add_bos", [](GgufWriter& w) { w.add_bool("tokenizer.ggml.add_bos_token", true); });
    writer.begin();
    writer.finish();
    return path;
  }
  void expect_bad(const std::string& replaced, const std::string& word, const Write& replacement) {
    const GgufFile file = GgufFile::open(write(replaced, replacement));
    expect_error(ErrorCode::kBadFile, word, [&] { vocabulary_from_gguf(file); });
  }

  TempFolder folder_;
};

TEST_F(GgufVocabulary, IsReadWhole) {
  const GgufFile file = GgufFile::open(write("", {}));
  const VocabularyData data = vocabulary_from_gguf(file);
  EXPECT_EQ(data.model, "gpt2");
  EXPECT_EQ(data.pre, "gpt-2");
  EXPECT_EQ(data.tokens.size(), 5u);
  EXPECT_EQ(data.tokens[2], "ab");
  EXPECT_EQ(data.merges, std::vector<std::string_view>{"a b"});
  EXPECT_EQ(data.type(3), TokenType::kControl);
  EXPECT_EQ(data.bos, 3);
  EXPECT_EQ(data.eos, 4);
  EXPECT_EQ(data.pad, std::nullopt);
  EXPECT_EQ(data.add_bos, true);
  EXPECT_EQ(data.add_eos, std::nullopt);
  const auto tokenizer = Tokenizer::create(data);
  EXPECT_EQ(tokenizer->encode("ab</s>"), (std::vector<std::int32_t>{3, 2, 4}));
}

TEST_F(GgufVocabulary, MissingKeysAreBad) {
  expect_bad("model", "tokenizer.ggml.model", [](GgufWriter&) {});
  expect_bad("tokens", "tokenizer.ggml.tokens", [](GgufWriter&) {});
}

TEST_F(GgufVocabulary, MistypedValuesAreBad) {
  expect_bad("model", "tokenizer.ggml.model",
             [](GgufWriter& w) { w.add_bool("tokenizer.ggml.model", true); });
  expect_bad("pre", "tokenizer.ggml.pre",
             [](GgufWriter& w) { w.add_number<std::uint32_t>("tokenizer.ggml.pre", 1); });
  expect_bad("tokens", "tokenizer.ggml.tokens",
             [](GgufWriter& w) { w.add_string("tokenizer.ggml.tokens", "a"); });
  expect_bad("merges", "tokenizer.ggml.merges",
             [](GgufWriter& w) { w.add_string("tokenizer.ggml.merges", "a b"); });
  expect_bad("types", "tokenizer.ggml.token_type",
             [](GgufWriter& w) { w.add_string("tokenizer.ggml.token_type", "normal"); });
  expect_bad("bos", "tokenizer.ggml.bos_token_id",
             [](GgufWriter& w) { w.add_string("tokenizer.ggml.bos_token_id", "<s>"); });
  expect_bad("add_bos", "tokenizer.ggml.add_bos_token",
             [](GgufWriter& w) { w.add_string("tokenizer.ggml.add_bos_token", "yes"); });
}

TEST_F(GgufVocabulary, ValuesOutOfRangeAreBad) {
  expect_bad("bos", "tokenizer.ggml.bos_token_id",
             [](GgufWriter& w) { w.add_number<std::uint32_t>("tokenizer.ggml.bos_token_id", 5); });
  expect_bad("eos", "tokenizer.ggml.eos_token_id", [](GgufWriter& w) {
    w.add_number<std::uint64_t>("tokenizer.ggml.eos_token_id", ~std::uint64_t{0});
  });
  for (const std::int32_t type : {-1, 7}) {
    expect_bad("types", "token_type[4]", [&](GgufWriter& w) {
      const std::vector<std::int32_t> types = {1, 1, 1, 3, type};
      w.add_numbers<std::int32_t>("tokenizer.ggml.token_type", types);
    });
  }
  expect_bad("types", "token_type", [](GgufWriter& w) {
    const std::vector<std::int32_t> types = {1, 1};
    w.add_numbers<std::int32_t>("tokenizer.ggml.token_type", types);
  });
}

TEST_F(GgufVocabulary, APaddingTokenPastTheEndIsIgnored) {
  for (const std::uint32_t pad : {4u, 5u}) {
    const GgufFile file = GgufFile::open(write("pre", [&](GgufWriter& w) {
      w.add_number<std::uint32_t>("tokenizer.ggml.padding_token_id", pad);
    }));
    EXPECT_EQ(vocabulary_from_gguf(file).pad.has_value(), pad == 4);
  }
}

TEST_F(GgufVocabulary, NoTokensAreBad) {
  expect_bad("tokens", "empty", [](GgufWriter& w) {
    w.add_strings("tokenizer.ggml.tokens", std::vector<std::string>());
  });
}

}  // namespace
}  // namespace wick

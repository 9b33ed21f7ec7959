// Exact ids of real vocabularies, against what other engines give. Skipped where ../shared is
// absent.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "base/tests/temp_folder.h"
#include "files/gguf.h"
#include "text/tokenizer.h"

namespace wick {
namespace {

constexpr char kShared[] = WICK_TEST_SHARED_DIR;
constexpr EncodeOptions kPlain{.add_bos = false, .parse_special = false, .add_eos = false};

/// The texts of an .inp file: each is ended by a line that holds only the mark.
std::vector<std::string> texts_of(const std::string& content) {
  const std::string mark = "\n__ggml_vocab_test__\n";
  std::vector<std::string> texts;
  for (std::size_t at = 0, end; (end = content.find(mark, at)) != std::string::npos;
       at = end + mark.size()) {
    texts.push_back(content.substr(at, end - at));
  }
  return texts;
}

/// One line of ids for each text.
std::vector<std::vector<std::int32_t>> ids_of(const std::string& content) {
  std::vector<std::vector<std::int32_t>> all;
  std::istringstream lines(content);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream numbers(line);
    all.emplace_back(std::istream_iterator<std::int32_t>(numbers),
                     std::istream_iterator<std::int32_t>());
  }
  return all;
}

struct Loaded {
  explicit Loaded(const std::string& path)
      : file(GgufFile::open(path)), tokenizer(Tokenizer::create(vocabulary_from_gguf(file))) {}
  GgufFile file;
  std::unique_ptr<Tokenizer> tokenizer;
};

class RealVocabulary : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(path())) GTEST_SKIP() << path() << " is not there";
  }
  std::string path() const {
    return std::string(kShared) + "/vocab/ggml-vocab-" + GetParam() + ".gguf";
  }
};

TEST_P(RealVocabulary, GivesTheSameIdsAsOtherEngines) {
  const Loaded loaded(path());
  const std::vector<std::string> texts = texts_of(read_whole(path() + ".inp"));
  const std::vector<std::vector<std::int32_t>> expected = ids_of(read_whole(path() + ".out"));
  ASSERT_EQ(texts.size(), 46u);
  ASSERT_EQ(expected.size(), 46u);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    EXPECT_EQ(loaded.tokenizer->encode(texts[i], kPlain), expected[i])
        << "case " << i << ": '" << texts[i] << "'";
  }
}

TEST_P(RealVocabulary, GivesEveryTextBack) {
  const Loaded loaded(path());
  for (const std::string& text : texts_of(read_whole(path() + ".inp"))) {
    EXPECT_EQ(loaded.tokenizer->decode(loaded.tokenizer->encode(text, kPlain), SpecialText::kShown),
              text);
  }
}

INSTANTIATE_TEST_SUITE_P(Shared, RealVocabulary,
                         testing::Values("gpt-2", "llama-bpe", "llama-spm", "qwen2"),
                         [](const auto& param) {
                           std::string name = param.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

class ReferenceModel : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(reference())) GTEST_SKIP() << reference() << " is not there";
  }
  std::string models() const { return std::string(kShared) + "/models/"; }
  std::string reference() const { return models() + GetParam() + "/reference/reference.json"; }
};

std::vector<std::int32_t> numbers(const boost::json::value& array) {
  std::vector<std::int32_t> out;
  for (const auto& item : array.as_array())
    out.push_back(static_cast<std::int32_t>(item.as_int64()));
  return out;
}

TEST_P(ReferenceModel, EncodesPromptsAsHuggingFaceDoes) {
  const Loaded loaded(models() + GetParam() + "-BF16.gguf");
  const boost::json::value json = boost::json::parse(read_whole(reference()));
  const auto& cases = json.at("cases").as_array();
  ASSERT_EQ(cases.size(), 6u);
  for (const auto& item : cases) {
    const auto& prompt = item.at("prompt").as_string();
    EXPECT_EQ(loaded.tokenizer->encode({prompt.data(), prompt.size()}), numbers(item.at("ids")))
        << prompt;
  }
}

TEST_P(ReferenceModel, DecodesContinuationsAsHuggingFaceDoes) {
  const Loaded loaded(models() + GetParam() + "-BF16.gguf");
  const boost::json::value json = boost::json::parse(read_whole(reference()));
  for (const auto& item : json.at("cases").as_array()) {
    const auto& text = item.at("greedy_text").as_string();
    EXPECT_EQ(loaded.tokenizer->decode(numbers(item.at("greedy_ids")), SpecialText::kShown),
              std::string(text.data(), text.size()));
  }
}

TEST_P(ReferenceModel, EndsAtTheEndOfATurn) {
  const Loaded loaded(models() + GetParam() + "-BF16.gguf");
  EXPECT_TRUE(loaded.tokenizer->is_end(4));
  EXPECT_EQ(loaded.tokenizer->piece(4, SpecialText::kShown), "<|im_end|>");
  EXPECT_FALSE(loaded.tokenizer->is_end(1));
  EXPECT_FALSE(loaded.tokenizer->is_end(3));
}

INSTANTIATE_TEST_SUITE_P(Shared, ReferenceModel, testing::Values("ember", "taper"),
                         [](const auto& param) { return std::string(param.param); });

}  // namespace
}  // namespace wick

// The loop, over a vocabulary and logits made up here.
#include "generate/generator.h"

#include <gtest/gtest.h>
#include <wick/error.h>

#include <cmath>
#include <map>
#include <memory>

#include "generate/continuation.h"
#include "text/tokenizer.h"

namespace wick {
namespace {

// Tokens 0..9: digits' worth of pieces; 9 ends.
class FewTokens final : public Tokenizer {
 public:
  std::vector<std::string> pieces = {"<bos>", "a",    "b", "EN", "D",
                                     "\xC3",  "\xA9", " ", "x",  "<end>"};

  std::vector<std::int32_t> encode(std::string_view, const EncodeOptions&) const override {
    return {0};
  }
  std::string piece(std::int32_t id, SpecialText special) const override {
    if (type(id) == TokenType::kControl && special == SpecialText::kHidden) return {};
    return pieces.at(static_cast<std::size_t>(id));
  }
  std::string decode(const std::vector<std::int32_t>&, SpecialText) const override { return {}; }
  bool is_end(std::int32_t id) const override { return id == 9; }
  const std::vector<std::int32_t>& end_tokens() const override { return ends_; }
  TokenType type(std::int32_t id) const override {
    return id == 0 || id == 9 ? TokenType::kControl : TokenType::kNormal;
  }
  std::optional<std::int32_t> bos() const override { return 0; }
  std::optional<std::int32_t> eos() const override { return 9; }
  std::optional<std::int32_t> pad() const override { return {}; }
  std::optional<std::int32_t> find(std::string_view) const override { return {}; }
  bool adds_bos() const override { return true; }
  bool adds_eos() const override { return false; }
  bool adds_space_prefix() const override { return false; }
  std::int32_t vocab_size() const override { return 10; }

 private:
  std::vector<std::int32_t> ends_ = {9};
};

// Says one token behind the other, then fails with `code` (or says token 1 for ever).
class Script {
 public:
  explicit Script(std::vector<std::int32_t> ids, ErrorCode code = ErrorCode::kOk)
      : ids_(std::move(ids)), code_(code) {}

  std::span<const float> operator()(std::span<const std::int32_t> tokens) {
    n_evaluated += tokens.size();
    if (next_ == ids_.size() && code_ != ErrorCode::kOk) fail(code_, "script: at its end");
    logits_.assign(10, 0.0F);
    logits_[static_cast<std::size_t>(next_ < ids_.size() ? ids_[next_++] : 1)] = 1;
    return logits_;
  }
  std::size_t n_evaluated = 0;

 private:
  std::vector<std::int32_t> ids_;
  ErrorCode code_;
  std::size_t next_ = 0;
  std::vector<float> logits_;
};

class GeneratorTest : public ::testing::Test {
 protected:
  GeneratorTest() { options.sampling.temperature = 0; }

  Generation run(Script& script) {
    const std::vector<std::int32_t> prompt = {0, 1, 2};
    return Generator(tokenizer, options).run(prompt, std::ref(script), [&](std::string_view text) {
      shown.emplace_back(text);
    });
  }

  FewTokens tokenizer;
  GenerationOptions options;
  std::vector<std::string> shown;
};

TEST_F(GeneratorTest, EndsAtAnEndTokenThatItCountsAndDoesNotShow) {
  Script script({1, 2, 9});
  const Generation generation = run(script);
  EXPECT_EQ(generation.ids, (std::vector<std::int32_t>{1, 2, 9}));
  EXPECT_EQ(generation.text, "ab");
  EXPECT_EQ(generation.reason, FinishReason::kEndToken);
  EXPECT_EQ(generation.stats.n_prompt, 3U);
  EXPECT_EQ(generation.stats.n_generated, 3U);
}

TEST_F(GeneratorTest, ShowsSpecialTokensOnRequest) {
  options.special = SpecialText::kShown;
  Script script({1, 9});
  EXPECT_EQ(run(script).text, "a<end>");
}

TEST_F(GeneratorTest, EndsAtItsNumberOfTokensWithoutEvaluatingTheLast) {
  options.n_tokens = 2;
  Script script({});
  const Generation generation = run(script);
  EXPECT_EQ(generation.ids.size(), 2U);
  EXPECT_EQ(generation.reason, FinishReason::kLength);
  EXPECT_EQ(script.n_evaluated, 4U);
}

TEST_F(GeneratorTest, OfZeroTokensDrawsNone) {
  options.n_tokens = 0;
  Script script({});
  EXPECT_TRUE(run(script).ids.empty());
}

TEST_F(GeneratorTest, NeverShowsAStopTextThatSpansTokens) {
  options.stops = {"END"};
  Script script({1, 3, 3, 4, 2});
  const Generation generation = run(script);
  EXPECT_EQ(generation.text, "aEN");
  EXPECT_EQ(generation.ids, (std::vector<std::int32_t>{1, 3, 3, 4}));
  EXPECT_EQ(generation.reason, FinishReason::kStopText);
}

TEST_F(GeneratorTest, ShowsWhatItHeldBackAtTheEnd) {
  options.stops = {"END"};
  Script script({1, 3, 9});
  EXPECT_EQ(run(script).text, "aEN");
}

TEST_F(GeneratorTest, ShowsWholeCharactersOnly) {
  options.n_tokens = 3;
  Script script({5, 6, 5});
  EXPECT_EQ(run(script).text, "\xC3\xA9\xEF\xBF\xBD");
  EXPECT_EQ(shown, (std::vector<std::string>{"\xC3\xA9", "\xEF\xBF\xBD"}));
}

TEST_F(GeneratorTest, KeepsWhatCameBeforeTheContextWasFull) {
  Script script({1, 2}, ErrorCode::kContextFull);
  const Generation generation = run(script);
  EXPECT_EQ(generation.text, "ab");
  EXPECT_EQ(generation.reason, FinishReason::kContextFull);
}

TEST_F(GeneratorTest, KeepsWhatCameBeforeACancellation) {
  Script script({1, 2}, ErrorCode::kCancelled);
  EXPECT_EQ(run(script).reason, FinishReason::kCancelled);
}

TEST_F(GeneratorTest, PassesOtherErrorsOn) {
  Script script({1, 2}, ErrorCode::kDeviceLost);
  EXPECT_THROW(run(script), Error);
}

TEST_F(GeneratorTest, RefusesAnEmptyPrompt) {
  Script script({});
  EXPECT_THROW(Generator(tokenizer, options).run({}, std::ref(script), {}), Error);
}

TEST_F(GeneratorTest, PenalizesThePromptToo) {
  // Token 1 stands in the prompt: without its penalty it would be drawn again.
  options.sampling.presence_penalty = 5;
  options.n_tokens = 1;
  Script script({1});
  EXPECT_NE(run(script).ids.front(), 1);
}

TEST_F(GeneratorTest, CanBePulledTextByText) {
  options.stops = {"END"};
  Script script({1, 3, 9});
  Continuation continuation(tokenizer, options, std::ref(script), {0, 1, 2});
  EXPECT_EQ(script.n_evaluated, 0U);
  EXPECT_EQ(continuation.next(), "a");
  EXPECT_EQ(script.n_evaluated, 3U) << "it draws no token before it is asked for";
  EXPECT_EQ(continuation.next(), "EN");
  EXPECT_EQ(continuation.next(), std::nullopt);
  EXPECT_EQ(continuation.next(), std::nullopt);
  EXPECT_EQ(continuation.result().text, "aEN");
  EXPECT_EQ(continuation.result().reason, FinishReason::kEndToken);
  EXPECT_EQ(script.n_evaluated, 5U);
}

}  // namespace
}  // namespace wick

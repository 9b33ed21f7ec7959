// Protocol buffers by hand: good ones, and every way of cutting one.
#include "text/sentencepiece_model.h"

#include <gtest/gtest.h>
#include <wick/error.h>

#include <string>

namespace wick {
namespace {

std::string message(int number, const std::string& bytes) {
  return std::string{static_cast<char>(number << 3 | 2), static_cast<char>(bytes.size())} + bytes;
}

/// A piece "ab" of score 1.5, then a control piece "<s>" without a score; BPE; no space before a
/// text.
std::string good() {
  const std::string score{'\x15', '\0', '\0', '\xc0', '\x3f'};
  return message(1, message(1, "ab") + score) + message(1, message(1, "<s>") + "\x18\x03") +
         message(2, "\x18\x02") + message(3, std::string{'\x18', '\0'});
}

SentencePieceModel parse(const std::string& text) {
  return parse_sentencepiece(std::as_bytes(std::span(text)), "test");
}

ErrorCode code_of(const std::string& text) {
  try {
    parse(text);
    return ErrorCode::kOk;
  } catch (const Error& e) {
    EXPECT_EQ(std::string(e.what()).rfind("test: ", 0), 0u) << e.what();
    return e.code();
  }
}

TEST(SentencePieceModelFile, GivesPiecesInOrder) {
  const SentencePieceModel model = parse(good());
  ASSERT_EQ(model.pieces.size(), 2u);
  EXPECT_EQ(model.pieces[0].text, "ab");
  EXPECT_EQ(model.pieces[0].score, 1.5f);
  EXPECT_EQ(model.pieces[0].type, TokenType::kNormal);
  EXPECT_EQ(model.pieces[1].type, TokenType::kControl);
  EXPECT_FALSE(model.adds_space);
}

TEST(SentencePieceModelFile, PassesOverFieldsThatItDoesNotKnow) {
  EXPECT_EQ(parse(good() + message(9, "x") + "\x50\x07").pieces.size(), 2u);
}

TEST(SentencePieceModelFile, RefusesWhatIsCut) {
  // A whole model is one from its trainer on: what may be left out behind it is the normalizer.
  const std::size_t n_whole = good().size() - 4;
  for (std::size_t n = 0; n < good().size(); ++n) {
    if (n != n_whole) {
      EXPECT_EQ(code_of(good().substr(0, n)), ErrorCode::kBadFile) << n;
    }
  }
}

TEST(SentencePieceModelFile, RefusesLengthsAndTypesThatCannotBe) {
  for (const char* bad : {"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", "\x0b\x01", "\x08\x01",
                          "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"})
    EXPECT_EQ(code_of(good() + bad), ErrorCode::kBadFile);
  EXPECT_EQ(code_of(good() + message(1, message(1, "x") + "\x18\x07")), ErrorCode::kBadFile);
}

TEST(SentencePieceModelFile, RefusesModelsThatDoNotMergeByScore) {
  EXPECT_EQ(code_of(message(1, message(1, "ab")) + message(2, "\x18\x01")),
            ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace wick

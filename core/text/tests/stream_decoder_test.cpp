// Ids to text in whole characters.
#include "text/stream_decoder.h"

#include <gtest/gtest.h>

#include "text/tests/small_vocabulary.h"
#include "text/utf8.h"

namespace wick {
namespace {

std::unique_ptr<Tokenizer> bytes_tokenizer() {
  SmallVocabulary vocabulary = byte_vocabulary("gpt-2");
  vocabulary.merge("a", "b");
  vocabulary.add("<|x|>", TokenType::kControl);
  return Tokenizer::create(vocabulary.build());
}

TEST(StreamDecoder, HoldsBackACharacterUntilItIsWhole) {
  const auto tokenizer = bytes_tokenizer();
  StreamDecoder decoder(*tokenizer, SpecialText::kHidden, TextPosition::kContinuation);
  EXPECT_EQ(decoder.push(0xF0), "");
  EXPECT_EQ(decoder.push(0x9F), "");
  EXPECT_EQ(decoder.push(0x98), "");
  EXPECT_EQ(decoder.push(0x80), "😀");
  EXPECT_EQ(decoder.push('a'), "a");
  EXPECT_EQ(decoder.finish(), "");
}

TEST(StreamDecoder, ReplacesWhatCanNoLongerBecomeACharacter) {
  const auto tokenizer = bytes_tokenizer();
  StreamDecoder decoder(*tokenizer, SpecialText::kHidden, TextPosition::kContinuation);
  EXPECT_EQ(decoder.push(0xE6), "");
  EXPECT_EQ(decoder.push('a'), "\uFFFDa");
  EXPECT_EQ(decoder.push(0x80), "\uFFFD");
}

TEST(StreamDecoder, ReplacesACutTailAtTheEndOnce) {
  const auto tokenizer = bytes_tokenizer();
  StreamDecoder decoder(*tokenizer, SpecialText::kHidden, TextPosition::kContinuation);
  EXPECT_EQ(decoder.push(0xF0), "");
  EXPECT_EQ(decoder.push(0x9F), "");
  EXPECT_EQ(decoder.finish(), "\uFFFD");
  EXPECT_EQ(decoder.finish(), "");
  EXPECT_EQ(decoder.push('a'), "a");
}

TEST(StreamDecoder, AHiddenTokenPartsNoCharacter) {
  const auto tokenizer = bytes_tokenizer();
  StreamDecoder decoder(*tokenizer, SpecialText::kHidden, TextPosition::kContinuation);
  EXPECT_EQ(decoder.push(0xC3), "");
  EXPECT_EQ(decoder.push(257), "");
  EXPECT_EQ(decoder.push(0xA9), "é");
  EXPECT_EQ(decoder.push(-1) + decoder.push(9999), "");
}

TEST(StreamDecoder, StripsThePrefixSpaceAtTheStartOnly) {
  SmallVocabulary vocabulary = piece_vocabulary(true);
  const std::int32_t word = vocabulary.add("\u2581a");
  const auto tokenizer = Tokenizer::create(vocabulary.build());
  StreamDecoder start(*tokenizer, SpecialText::kHidden, TextPosition::kStart);
  EXPECT_EQ(start.push(1), "");  // BOS shows nothing and is not what the space belongs to
  EXPECT_EQ(start.push(word), "a");
  EXPECT_EQ(start.push(word), " a");
  StreamDecoder continuation(*tokenizer, SpecialText::kHidden, TextPosition::kContinuation);
  EXPECT_EQ(continuation.push(word), " a");
}

TEST(StreamDecoder, WhateverComesEveryPieceIsValid) {
  const auto tokenizer = bytes_tokenizer();
  StreamDecoder decoder(*tokenizer, SpecialText::kHidden, TextPosition::kContinuation);
  std::string storage;
  std::uint32_t state = 1;
  for (int i = 0; i < 20000; ++i) {
    state = state * 1664525u + 1013904223u;
    const std::string text = decoder.push(static_cast<std::int32_t>(state >> 24));
    ASSERT_EQ(repaired_utf8(text, storage), text);
  }
}

}  // namespace
}  // namespace wick

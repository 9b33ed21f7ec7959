// JSON, tables, sizes, escapes and suggestions.
#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <limits>

#include "base/bytes_text.h"
#include "cli/suggest.h"
#include "cli/table.h"
#include "text/pretty_json.h"

namespace wick::cli {
namespace {

namespace json = boost::json;

TEST(JsonText, WritesNumbersAsPeopleDo) {
  const json::array numbers = {
      1, -2, 1.5, 0.1, 1e-5, std::numeric_limits<double>::quiet_NaN(), true, nullptr};
  EXPECT_EQ(pretty_json(numbers), "[1, -2, 1.5, 0.1, 1e-05, null, true, null]\n");
}

TEST(JsonText, IndentsObjectsAndListsOfThem) {
  json::object object;
  object["a"] = json::array{1, 2};
  object["b"] = json::array{json::object{{"c", "d"}}};
  object["e"] = json::object{};
  object["f"] = json::array{};
  const std::string text = pretty_json(object);
  EXPECT_EQ(
      text,
      "{\n  \"a\": [1, 2],\n  \"b\": [\n    {\n      \"c\": \"d\"\n    }\n  ],\n  \"e\": {},\n"
      "  \"f\": []\n}\n");
  EXPECT_EQ(json::parse(text), json::value(object));
}

TEST(JsonText, IsUtf8WhateverTheBytes) {
  EXPECT_EQ(pretty_json(json::string("a\xFF\n\"")), "\"a\xEF\xBF\xBD\\n\\\"\"\n");
}

TEST(Table, AlignsByCharactersNotBytes) {
  EXPECT_EQ(table_text({{"name"}, {"n", true}}, {{"\xC3\xA9", "1"}, {"abcde", "22"}}),
            "name    n\n\xC3\xA9       1\nabcde  22\n");
}

TEST(Table, IsMarkdownOnRequest) {
  EXPECT_EQ(markdown_text({{"a"}, {"n", true}}, {{"xx", "1"}}),
            "| a  | n |\n|----|--:|\n| xx | 1 |\n");
}

TEST(BytesText, ChoosesTheUnit) {
  EXPECT_EQ(bytes_text(0), "0 B");
  EXPECT_EQ(bytes_text(1023), "1023 B");
  EXPECT_EQ(bytes_text(1536), "1.5 KiB");
  EXPECT_EQ(bytes_text(5ULL << 30), "5.0 GiB");
  EXPECT_EQ(bytes_text(UINT64_MAX), "16777216.0 TiB");
}

TEST(Escaped, KeepsOneLineAndValidUtf8) {
  EXPECT_EQ(escaped("a\tb\n\r\\\x01\x7F \xC3\xA9 \xFF\xC3"),
            "a\\tb\\n\\r\\\\\\x01\\x7f \xC3\xA9 \\xff\\xc3");
}

TEST(DidYouMean, NamesTheClosestWordOrNone) {
  const std::vector<std::string> known = {"run", "plan", "plugins", "tokenize"};
  EXPECT_EQ(did_you_mean("plam", known), ", did you mean 'plan'?");
  EXPECT_EQ(did_you_mean("tokneize", known), ", did you mean 'tokenize'?");
  EXPECT_EQ(did_you_mean("serve", known), "");
  EXPECT_EQ(did_you_mean(std::string(10000, 'x'), known), "");
}

TEST(EditDistance, CountsInsertionsRemovalsReplacementsAndSwaps) {
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("abc", ""), 3U);
  EXPECT_EQ(edit_distance("abc", "acb"), 1U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

}  // namespace
}  // namespace wick::cli

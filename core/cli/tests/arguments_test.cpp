// Words to options, and the sentences for those that are wrong.
#include "cli/arguments.h"

#include <gtest/gtest.h>
#include <wick/error.h>

namespace wick::cli {
namespace {

CommandSyntax syntax() {
  return {"go",
          "go [options] FILE",
          "Goes.",
          {{"Options",
            {{"prompt", 'p', "TEXT", "a text"},
             {"count", 'n', "N", "a number"},
             {"stop", 0, "TEXT", "texts", true},
             {"from", 0, "FILE|auto TEXT", "one word or two", false, "auto"},
             {"loud", 'l', "", "a switch"}}}},
          "FILE"};
}

std::string sentence_of(const std::vector<std::string>& words) {
  try {
    parse_arguments(syntax(), words);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    return error.what();
  }
  return "no error";
}

TEST(Arguments, TakeASecondValueBehindOneThatAsksForIt) {
  using Texts = std::vector<std::string>;
  const Arguments two = parse_arguments(syntax(), {"--from", "auto", "-l", "file", "-n", "3"});
  EXPECT_EQ(two.texts("from"), (Texts{"auto", "-l"}));
  EXPECT_EQ(two.positionals(), Texts{"file"});
  EXPECT_FALSE(two.has("loud"));
  EXPECT_EQ(parse_arguments(syntax(), {"--from=auto", "x"}).texts("from"), (Texts{"auto", "x"}));
  const Arguments one = parse_arguments(syntax(), {"--from", "automatic", "file"});
  EXPECT_EQ(one.texts("from"), Texts{"automatic"});
  EXPECT_EQ(one.positionals(), Texts{"file"});
  EXPECT_NE(sentence_of({"--from", "auto"}).find("FILE|auto TEXT"), std::string::npos);
}

TEST(Arguments, ReadsBothFormsOfEachOption) {
  const std::vector<std::vector<std::string>> forms = {{"-p", "x", "-n", "3", "-l"},
                                                       {"--prompt", "x", "--count", "3", "--loud"},
                                                       {"--prompt=x", "-n3", "-l"}};
  for (const auto& words : forms) {
    const Arguments arguments = parse_arguments(syntax(), words);
    EXPECT_EQ(arguments.text("prompt"), "x");
    EXPECT_EQ(arguments.text("count"), "3");
    EXPECT_TRUE(arguments.has("loud"));
    EXPECT_FALSE(arguments.has("stop"));
  }
}

TEST(Arguments, TakesAnyTextAsAValue) {
  for (const std::string value : {"", "-n", "--loud", "-", "--", "a=b", "-x"}) {
    EXPECT_EQ(parse_arguments(syntax(), {"-p", value}).text("prompt"), value);
    EXPECT_EQ(parse_arguments(syntax(), {"--prompt=" + value}).text("prompt"), value);
  }
}

TEST(Arguments, KeepsTheLastOfAnOptionAndAllOfARepeatableOne) {
  const Arguments arguments =
      parse_arguments(syntax(), {"-p", "a", "--stop", "x", "-p", "b", "--stop", "y"});
  EXPECT_EQ(arguments.text("prompt"), "b");
  EXPECT_EQ(arguments.texts("stop"), (std::vector<std::string>{"x", "y"}));
}

TEST(Arguments, EndsOptionsAtTwoDashes) {
  EXPECT_EQ(parse_arguments(syntax(), {"--", "-l"}).positionals(), std::vector<std::string>{"-l"});
  EXPECT_EQ(parse_arguments(syntax(), {"-"}).positionals(), std::vector<std::string>{"-"});
}

TEST(Arguments, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(sentence_of({"--promt", "x"}),
            "go: unknown option '--promt', did you mean '--prompt'?; see `wick go --help`");
  EXPECT_EQ(sentence_of({"--loud=yes"}), "go: option '--loud' takes no value, got 'yes'");
  EXPECT_EQ(sentence_of({"-p"}), "go: option '-p' needs a value TEXT");
  EXPECT_EQ(sentence_of({"a", "b"}),
            "go: unexpected argument 'b', need one FILE; see `wick go --help`");
}

TEST(Arguments, DoesNotReadTextBehindALetterAsItsValue) {
  EXPECT_NE(sentence_of({"-prompt", "x"}).find("unknown option '-prompt'"), std::string::npos);
}

}  // namespace
}  // namespace wick::cli

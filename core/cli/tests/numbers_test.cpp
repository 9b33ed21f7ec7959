// Numbers of the command line, good and bad.
#include "cli/numbers.h"

#include <gtest/gtest.h>
#include <wick/error.h>

namespace wick::cli {
namespace {

ErrorCode code_of(const std::string& text, bool real) {
  try {
    if (real)
      parse_real("x", text, {-1, 10});
    else
      parse_integer("x", text, {-1, 10});
  } catch (const Error& error) {
    return error.code();
  }
  return ErrorCode::kOk;
}

TEST(Numbers, ReadsWhatIsInRange) {
  EXPECT_EQ(parse_integer("x", "-1", {-1, 10}), -1);
  EXPECT_EQ(parse_integer("x", "10", {-1, 10}), 10);
  EXPECT_EQ(parse_real("x", "0.25", {0, 1}), 0.25);
  EXPECT_EQ(parse_real("x", "1e-3", {0, 1}), 1e-3);
  EXPECT_EQ(parse_real("x", "1", {0, 1}), 1);
}

TEST(Numbers, RefusesEverythingElse) {
  for (const char* text : {"", " 1", "1 ", "x", "1x", "--1", "+1", "11", "-2", "0x1",
                           "99999999999999999999", "-99999999999999999999"})
    EXPECT_EQ(code_of(text, false), ErrorCode::kUsage) << text;
  for (const char* text :
       {"", " 1", "1 ", "x", "1x", "1,5", "nan", "-nan", "inf", "-inf", "1e999", "10.001", "-1.5"})
    EXPECT_EQ(code_of(text, true), ErrorCode::kUsage) << text;
}

TEST(Numbers, SaysWhatItGotAndWhatItNeeds) {
  try {
    parse_integer("run: --top-k", "many", {0, 100});
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "run: --top-k: not a whole number, got 'many', need 0 to 100");
  }
}

TEST(Numbers, SplitsListsAndRefusesEmptyParts) {
  Arguments arguments("run");
  arguments.add("backend", {"a,b"});
  EXPECT_EQ(list_option(arguments, "backend"), (std::vector<std::string>{"a", "b"}));
  for (const char* text : {"", ",", "a,", ",a", "a,,b"}) {
    Arguments bad("run");
    bad.add("backend", {text});
    EXPECT_THROW(list_option(bad, "backend"), Error) << text;
  }
}

}  // namespace
}  // namespace wick::cli

// Lists of processors, good and bad.
#include "cli/processor_list.h"

#include <gtest/gtest.h>
#include <wick/error.h>

#include <string>

namespace wick::cli {
namespace {

std::string error_of(const std::string& text) {
  try {
    parse_processors("run: --affinity", text);
  } catch (const Error& error) {
    return error.code() == ErrorCode::kUsage ? error.what() : "another code";
  }
  return "none";
}

TEST(ProcessorList, KeepsTheOrderOfNumbersAndRanges) {
  EXPECT_EQ(parse_processors("x", "0-3,16"), (std::vector<int>{0, 1, 2, 3, 16}));
  EXPECT_EQ(parse_processors("x", "5,2-2,0"), (std::vector<int>{5, 2, 0}));
  EXPECT_EQ(parse_processors("x", "8191"), (std::vector<int>{8191}));
}

TEST(ProcessorList, RefusesEmptyParts) {
  for (const char* text : {"", ",", "0,", ",0", "0,,1"})
    EXPECT_EQ(error_of(text),
              "run: --affinity: an empty part, need numbers of processors, as in 0-7,16")
        << text;
}

TEST(ProcessorList, RefusesARangeThatRunsBackwards) {
  EXPECT_EQ(error_of("1,7-3"), "run: --affinity: a range that runs backwards, got '7-3', need 3-7");
}

TEST(ProcessorList, RefusesNumbersThatNoKernelHas) {
  for (const char* text : {"8192", "0-8192", "0-99999999999999999999", "4294967296"})
    EXPECT_NE(error_of(text).find("out of range"), std::string::npos) << text;
  std::string text = "0-8191";
  text += "," + text;
  EXPECT_NE(error_of(text).find("too long"), std::string::npos);
}

TEST(ProcessorList, RefusesWhatIsNoNumber) {
  for (const char* text : {"-1", "-", "1-", "1-2-3", "x", "0x1", "1 ", " 1", "+1", "0--1", "none"})
    EXPECT_NE(error_of(text).find("run: --affinity: "), std::string::npos) << text;
}

}  // namespace
}  // namespace wick::cli

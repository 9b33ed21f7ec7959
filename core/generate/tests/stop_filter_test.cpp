// Stop texts in a stream, in pieces of any size.
#include "generate/stop_filter.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace wick {
namespace {

struct Shown {
  std::string text;
  bool stopped;
  bool operator==(const Shown&) const = default;
};

Shown shown(const std::vector<std::string>& stops, const std::string& text, std::size_t piece) {
  StopFilter filter(stops);
  std::string all;
  for (std::size_t i = 0; i < text.size(); i += piece) all += filter.push(text.substr(i, piece));
  all += filter.finish();
  return {all, filter.stopped()};
}

TEST(StopFilter, EndsBeforeTheStopTextWhateverThePieces) {
  for (std::size_t piece = 1; piece <= 12; ++piece)
    EXPECT_EQ(shown({"END"}, "one EN ENEND two", piece), (Shown{"one EN EN", true})) << piece;
}

TEST(StopFilter, ShowsWhatOnlyBeganLikeAStopText) {
  for (std::size_t piece = 1; piece <= 12; ++piece)
    EXPECT_EQ(shown({"END", "XYZ"}, "one EN XY", piece), (Shown{"one EN XY", false})) << piece;
}

TEST(StopFilter, TakesTheTextThatBeginsFirst) {
  EXPECT_EQ(shown({"bc", "abcd"}, "xabcd", 1), (Shown{"x", true}));
  EXPECT_EQ(shown({"bc", "abcd"}, "xabce", 1), (Shown{"xa", true}));
}

TEST(StopFilter, HoldsBackNoMoreThanItMust) {
  StopFilter filter({"\n\n"});
  EXPECT_EQ(filter.push("line"), "line");
  EXPECT_EQ(filter.push("\n"), "");
  EXPECT_EQ(filter.push("next"), "\nnext");
}

TEST(StopFilter, SaysNothingAfterTheEnd) {
  StopFilter filter({"."});
  EXPECT_EQ(filter.push("a. b"), "a");
  EXPECT_EQ(filter.push("c"), "");
  EXPECT_EQ(filter.finish(), "");
}

TEST(StopFilter, LeavesOutEmptyTexts) {
  EXPECT_EQ(shown({""}, "all of it", 3), (Shown{"all of it", false}));
}

}  // namespace
}  // namespace wick

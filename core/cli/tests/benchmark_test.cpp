// The arithmetic of `wick bench`; what it measures is tested end to end.
#include "cli/benchmark.h"

#include <gtest/gtest.h>

namespace wick::cli {
namespace {

TEST(Benchmark, NamesItsTestsAsOthersDo) {
  EXPECT_EQ(test_name({512, 0, 0}), "pp512");
  EXPECT_EQ(test_name({0, 128, 0}), "tg128");
  EXPECT_EQ(test_name({512, 0, 1024}), "pp512 @ d1024");
}

TEST(Benchmark, GivesMeanAndSpreadOfItsRounds) {
  const BenchmarkResult result{{512, 0, 0}, {1, 2, 3}};
  EXPECT_EQ(result.mean(), 2);
  EXPECT_EQ(result.stddev(), 1);
  const BenchmarkResult one{{512, 0, 0}, {5}};
  EXPECT_EQ(one.mean(), 5);
  EXPECT_EQ(one.stddev(), 0);
}

}  // namespace
}  // namespace wick::cli

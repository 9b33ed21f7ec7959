// Shares of limits on numbers that can be followed by hand.
#include "cli/limit_share.h"

#include <gtest/gtest.h>

namespace wick::cli {
namespace {

DeviceLimits limits() {
  DeviceLimits made;
  made.n_threads = 2;
  made.read_bytes = 1000;
  made.int8_macs = 800;
  made.bf16_macs = 400;
  made.f32_macs = 200;
  return made;
}

/// Prompts of 4 tokens, 2 tokens generated behind 10.
constexpr BenchmarkTest kPrompt{4, 0, 0}, kGeneration{0, 2, 10};

TEST(LimitShare, OfAPromptCountsLogitsOnce) {
  TokenCost cost;
  cost.token_macs.codes = 100;
  cost.output_macs.codes = 400;
  // 800 multiply-adds take 1 s at least; 4 tokens at 2 a second took 2 s.
  EXPECT_DOUBLE_EQ(*limit_share(kPrompt, 2, cost, limits(), false), 0.5);
}

TEST(LimitShare, OfAPreciseRunIsOfTheF32Limit) {
  TokenCost cost;
  cost.token_macs.codes = 100;
  EXPECT_DOUBLE_EQ(*limit_share(kPrompt, 1, cost, limits(), true), 0.5);
}

TEST(LimitShare, AddsUpKindsOfWeightsByTheTimeEachNeeds) {
  TokenCost cost;
  cost.token_macs.codes = 200;
  cost.token_macs.f16 = 100;
  cost.token_macs.f32 = 50;
  // A quarter of a second each, for one token.
  EXPECT_DOUBLE_EQ(*limit_share(kPrompt, 1, cost, limits(), false), 0.75);
}

TEST(LimitShare, OfGenerationIsOfTheBytesThatItReads) {
  TokenCost cost;
  cost.token_bytes = 300;
  cost.output_bytes = 100;
  cost.state_bytes = 85;
  cost.position_bytes = 10;
  // The two tokens attend to 11 and 12: 115 bytes on the average.
  EXPECT_DOUBLE_EQ(*limit_share(kGeneration, 1, cost, limits(), false), 0.6);
}

TEST(LimitShare, IsNotGuessedWhereALimitIsUnknown) {
  TokenCost cost;
  cost.token_macs.codes = 100;
  cost.token_bytes = 100;
  DeviceLimits unknown = limits();
  unknown.read_bytes = unknown.f32_macs = WICK_UNKNOWN;
  EXPECT_FALSE(limit_share(kPrompt, 2, cost, unknown, true));
  EXPECT_FALSE(limit_share(kGeneration, 2, cost, unknown, false));
  EXPECT_TRUE(limit_share(kPrompt, 2, cost, unknown, false));
  unknown.int8_macs = unknown.bf16_macs = WICK_UNKNOWN;
  EXPECT_FALSE(limit_share(kPrompt, 2, cost, unknown, false));
}

TEST(LimitShare, OfCodesIsOfTheBestRateThereIs) {
  TokenCost cost;
  cost.token_macs.codes = 100;
  DeviceLimits matrices = limits();
  matrices.f16_macs = 1600;
  EXPECT_DOUBLE_EQ(*limit_share(kPrompt, 4, cost, matrices, false), 0.25);
  matrices.int8_macs = WICK_UNKNOWN;
  EXPECT_DOUBLE_EQ(*limit_share(kPrompt, 4, cost, matrices, false), 0.25);
}

TEST(LimitShare, TakesTheMeanOfTwoMeasurements) {
  DeviceLimits later = limits();
  later.read_bytes = 2000;
  const DeviceLimits mean = mean_of(limits(), later);
  EXPECT_EQ(mean.read_bytes, 1500u);
  EXPECT_EQ(mean.int8_macs, 800u);
  EXPECT_EQ(mean.f16_macs, WICK_UNKNOWN);
}

}  // namespace
}  // namespace wick::cli

// A sampler that gets the likeliest tokens alone draws what it draws from the logits of all.
#include <gtest/gtest.h>
#include <wick/error.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "generate/random.h"
#include "generate/sampler.h"

namespace wick {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

/// What top_k@1 makes of a row (docs/ops.md).
std::vector<float> likeliest(const std::vector<float>& logits, std::size_t k) {
  const auto rank = [&](std::size_t id) { return logits[id] < kInfinity ? logits[id] : kInfinity; };
  std::vector<std::size_t> ids(logits.size());
  std::iota(ids.begin(), ids.end(), std::size_t{0});
  std::partial_sort(
      ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(k), ids.end(),
      [&](std::size_t a, std::size_t b) { return rank(a) != rank(b) ? rank(a) > rank(b) : a < b; });
  std::vector<float> row;
  for (std::size_t i = 0; i < k; ++i) row.push_back(static_cast<float>(ids[i]));
  for (std::size_t i = 0; i < k; ++i) row.push_back(logits[ids[i]]);
  return row;
}

/// Steps of 1/8, so that many are equal, and some that may never come.
std::vector<float> random_logits(Random& random, std::size_t n) {
  std::vector<float> logits(n);
  for (float& logit : logits)
    logit = random.below(50) == 0 ? -kInfinity : static_cast<float>(random.below(120)) / 8 - 9;
  return logits;
}

std::vector<SamplingOptions> options_that_see_few() {
  std::vector<SamplingOptions> all;
  for (const double temperature : {0.0, 0.3, 1.0, 2.5})
    for (const std::int32_t top_k : {1, 2, 40, 200})
      for (const double rest : {1.0, 0.9, 0.4}) {
        SamplingOptions options;
        options.temperature = temperature;
        options.top_k = top_k;
        options.top_p = rest;
        options.typical_p = rest == 0.4 ? 0.7 : 1.0;
        options.min_p = rest == 1.0 ? 0.0 : 0.05;
        all.push_back(options);
      }
  return all;
}

std::string error_of(const std::vector<float>& row, std::uint32_t n_candidates) {
  try {
    SamplerChain(SamplingOptions{}).sample(LogitsRow(row, n_candidates));
  } catch (const Error& e) {
    return e.what();
  }
  return "none";
}

TEST(CandidateRows, GiveTheTokensThatAllLogitsGive) {
  for (SamplingOptions options : options_that_see_few())
    for (std::uint64_t seed = 0; seed < 12; ++seed) {
      options.seed = seed;
      const std::uint32_t n = candidates_seen(options);
      ASSERT_GT(n, 0u);
      SamplerChain few(options), more(options), all(options);
      Random random(seed + 100);
      for (int i = 0; i < 4; ++i) {
        // Short rows and long ones take different ways on the host.
        const std::vector<float> logits = random_logits(random, i < 3 ? 300 : 15000);
        const std::int32_t id = all.sample(logits);
        ASSERT_EQ(few.sample(LogitsRow(likeliest(logits, n), n)), id) << "seed " << seed;
        ASSERT_EQ(more.sample(LogitsRow(likeliest(logits, n + 7), n + 7)), id) << "seed " << seed;
      }
    }
}

TEST(CandidateRows, AreNotEnoughWhereAnyTokenCounts) {
  SamplingOptions options;
  options.top_k = 0;
  EXPECT_EQ(candidates_seen(options), 0u);
  options = {};
  options.mirostat = MirostatOptions{};
  EXPECT_EQ(candidates_seen(options), 0u);
  options.temperature = 0;
  EXPECT_EQ(candidates_seen(options), 1u) << "the likeliest, whatever else is set";
  for (double SamplingOptions::*penalty :
       {&SamplingOptions::repeat_penalty, &SamplingOptions::frequency_penalty,
        &SamplingOptions::presence_penalty}) {
    options = {};
    options.*penalty = 1.5;
    EXPECT_EQ(candidates_seen(options), 0u);
  }
  options.repeat_last_n = 0;
  EXPECT_EQ(candidates_seen(options), 40u) << "penalties that look back at nothing";
}

TEST(CandidateRows, HaveTheErrorsOfAllLogits) {
  for (const std::vector<float>& some :
       {std::vector<float>{1, kNan, kInfinity}, {1, kInfinity, kNan}, {kNan, 5, kNan}}) {
    std::vector<float> logits = some;
    logits.resize(100, 2.0f);
    EXPECT_NE(error_of(logits, 0), "none");
    EXPECT_EQ(error_of(likeliest(logits, 40), 40), error_of(logits, 0));
  }
  const std::vector<float> never(100, -kInfinity);
  EXPECT_NE(error_of(never, 0), "none");
  EXPECT_EQ(error_of(likeliest(never, 40), 40), error_of(never, 0));
}

TEST(CandidateRows, AreRefusedWhereTheyAreTooFew) {
  const std::vector<float> row = likeliest(std::vector<float>(100, 1.0f), 39);
  SamplerChain sampler(SamplingOptions{});
  EXPECT_THROW(sampler.sample(LogitsRow(row, 39)), Error);
}

}  // namespace
}  // namespace wick

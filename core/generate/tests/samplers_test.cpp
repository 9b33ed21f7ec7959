// Each sampler against expectations worked out by hand; statistics with fixed seeds.
#include "generate/sampler.h"

#include <gtest/gtest.h>
#include <wick/error.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "generate/min_p.h"
#include "generate/temperature.h"
#include "generate/top_k.h"
#include "generate/top_p.h"
#include "generate/typical.h"

namespace wick {
namespace {

// Logits whose softmax is exactly these probabilities.
std::vector<float> logits_of(const std::vector<double>& probabilities) {
  std::vector<float> logits;
  for (const double p : probabilities) logits.push_back(static_cast<float>(std::log(p)));
  return logits;
}

Candidates candidates_of(const std::vector<double>& probabilities) {
  Candidates candidates;
  candidates.assign(logits_of(probabilities));
  return candidates;
}

std::vector<std::int32_t> ids_of(const Candidates& candidates) {
  std::vector<std::int32_t> ids;
  for (const CandidateToken& candidate : candidates.items()) ids.push_back(candidate.id);
  std::sort(ids.begin(), ids.end());
  return ids;
}

using Ids = std::vector<std::int32_t>;

// Everything off but the draw itself.
SamplingOptions plain(std::uint64_t seed) {
  SamplingOptions options;
  options.temperature = 1;
  options.top_k = 0;
  options.top_p = 1;
  options.min_p = 0;
  options.seed = seed;
  return options;
}

std::vector<int> counts(const SamplingOptions& options, const std::vector<float>& logits, int n) {
  SamplerChain sampler(options);
  std::vector<int> result(logits.size());
  for (int i = 0; i < n; ++i) ++result[static_cast<std::size_t>(sampler.sample(logits))];
  return result;
}

TEST(Random, IsTheXoshiroOfItsAuthors) {
  // From the published algorithms, splitmix64 with seed 0 and then xoshiro256**, evaluated apart.
  Random random(0);
  EXPECT_EQ(random.next(), 0x99EC5F36CB75F2B4U);
  EXPECT_EQ(random.next(), 0xBF6E1F784956452AU);
  EXPECT_EQ(random.next(), 0x1A5F849D4933E6E0U);
}

TEST(Random, StaysBelowItsBoundAndReachesEveryValue) {
  Random random(7);
  std::vector<int> seen(5);
  for (int i = 0; i < 1000; ++i) ++seen[static_cast<std::size_t>(random.below(5))];
  for (const int n : seen) EXPECT_GT(n, 0);
  for (int i = 0; i < 1000; ++i) {
    const double value = random.uniform();
    EXPECT_GE(value, 0);
    EXPECT_LT(value, 1);
  }
}

TEST(TopK, KeepsTheLikeliest) {
  Candidates candidates;
  assign_top_k(candidates, logits_of({0.1, 0.4, 0.2, 0.3}), 2);
  EXPECT_EQ(ids_of(candidates), (Ids{1, 3}));
}

TEST(TopK, OfEqualTokensKeepsTheLowestIds) {
  Candidates candidates;
  assign_top_k(candidates, logits_of({0.2, 0.2, 0.2, 0.2, 0.2}), 3);
  EXPECT_EQ(ids_of(candidates), (Ids{0, 1, 2}));
}

TEST(TopK, OfZeroOrMoreThanThereAreKeepsAll) {
  for (const std::int32_t k : {0, 4, 1000}) {
    Candidates candidates;
    assign_top_k(candidates, logits_of({0.1, 0.4, 0.2, 0.3}), k);
    EXPECT_EQ(candidates.size(), 4U);
  }
}

TEST(TopP, KeepsTheShortestRunThatReachesP) {
  // Sorted: 0.4, 0.3, 0.2, 0.1; sums 0.4, 0.7, 0.9, 1.
  Candidates candidates = candidates_of({0.1, 0.4, 0.2, 0.3});
  keep_top_p(candidates, 0.65);
  EXPECT_EQ(ids_of(candidates), (Ids{1, 3}));
  candidates = candidates_of({0.1, 0.4, 0.2, 0.3});
  keep_top_p(candidates, 0.75);
  EXPECT_EQ(ids_of(candidates), (Ids{1, 2, 3}));
}

TEST(TopP, AlwaysKeepsOne) {
  Candidates candidates = candidates_of({0.1, 0.4, 0.2, 0.3});
  keep_top_p(candidates, 0);
  EXPECT_EQ(ids_of(candidates), (Ids{1}));
}

TEST(TopP, LooksBeyondTheFirstStepOfSorting) {
  // 1000 equal tokens: 0.5 needs exactly 500, more than the first step sorts.
  Candidates candidates;
  candidates.assign(std::vector<float>(1000, 2.5F));
  keep_top_p(candidates, 0.4995);
  EXPECT_EQ(candidates.size(), 500U);
}

TEST(MinP, KeepsWhatIsNearTheLikeliest) {
  // Half of 0.4 is 0.2; the bound 0.45 keeps clear of rounding.
  Candidates candidates = candidates_of({0.1, 0.4, 0.2, 0.3});
  keep_min_p(candidates, 0.45);
  EXPECT_EQ(ids_of(candidates), (Ids{1, 2, 3}));
  candidates.keep_front(3);
  keep_min_p(candidates, 0.55);
  EXPECT_EQ(ids_of(candidates), (Ids{1, 3}));
}

TEST(MinP, OfOneKeepsTheLikeliest) {
  Candidates candidates = candidates_of({0.1, 0.4, 0.2, 0.3});
  keep_min_p(candidates, 1);
  EXPECT_EQ(ids_of(candidates), (Ids{1}));
}

TEST(Typical, PrefersTokensOfTheExpectedSurprise) {
  // p = 0.5, 0.25, 0.125, 0.125: entropy 1.75 bits, surprises 1, 2, 3, 3, distances 0.75, 0.25,
  // 1.25, 1.25. Order: 1 (0.25), 0 (0.75), then the others.
  const std::vector<double> p = {0.5, 0.25, 0.125, 0.125};
  Candidates candidates = candidates_of(p);
  keep_typical(candidates, 0.2);
  EXPECT_EQ(ids_of(candidates), (Ids{1}));
  candidates = candidates_of(p);
  keep_typical(candidates, 0.6);
  EXPECT_EQ(ids_of(candidates), (Ids{0, 1}));
  candidates = candidates_of(p);
  keep_typical(candidates, 0.8);
  EXPECT_EQ(ids_of(candidates), (Ids{0, 1, 2}));
}

TEST(Penalties, DividePositiveLogitsAndMultiplyNegativeOnes) {
  SamplingOptions options;
  options.repeat_penalty = 2;
  options.frequency_penalty = 0.5;
  options.presence_penalty = 0.25;
  Penalties penalties(options);
  for (const std::int32_t id : {0, 1, 1}) penalties.accept(id);
  std::vector<float> logits{4, -3, 5};
  penalties.apply(logits);
  EXPECT_FLOAT_EQ(logits[0], 4.0F / 2 - 0.5F - 0.25F);
  EXPECT_FLOAT_EQ(logits[1], -3.0F * 2 - 2 * 0.5F - 0.25F);
  EXPECT_FLOAT_EQ(logits[2], 5);
}

TEST(Penalties, ForgetTokensBehindTheLastN) {
  SamplingOptions options;
  options.presence_penalty = 1;
  options.repeat_last_n = 2;
  Penalties penalties(options);
  for (const std::int32_t id : {0, 1, 2}) penalties.accept(id);
  std::vector<float> logits{0, 0, 0};
  penalties.apply(logits);
  EXPECT_FLOAT_EQ(logits[0], 0);
  EXPECT_FLOAT_EQ(logits[1], -1);
  EXPECT_FLOAT_EQ(logits[2], -1);
}

TEST(Penalties, LookBackAtEverythingWithMinusOne) {
  SamplingOptions options;
  options.presence_penalty = 1;
  options.repeat_last_n = -1;
  Penalties penalties(options);
  for (int i = 0; i < 1000; ++i) penalties.accept(i == 0 ? 0 : 1);
  std::vector<float> logits{0, 0};
  penalties.apply(logits);
  EXPECT_FLOAT_EQ(logits[0], -1);
}

TEST(Greedy, TakesTheFirstOfEqualTokens) {
  SamplingOptions options;
  options.temperature = 0;
  SamplerChain sampler(options);
  EXPECT_EQ(sampler.sample(std::vector<float>{1, 3, 3, 2}), 1);
}

TEST(Greedy, CountsPenalties) {
  SamplingOptions options;
  options.temperature = 0;
  options.presence_penalty = 1.5;
  SamplerChain sampler(options);
  sampler.accept(1);
  EXPECT_EQ(sampler.sample(std::vector<float>{2, 3, 1}), 0);
}

TEST(Draw, FollowsTheProbabilities) {
  // 10,000 draws: the standard deviation of a count is at most 50; 250 is five of them.
  const std::vector<int> n = counts(plain(1), logits_of({0.5, 0.3, 0.2}), 10000);
  EXPECT_NEAR(n[0], 5000, 250);
  EXPECT_NEAR(n[1], 3000, 250);
  EXPECT_NEAR(n[2], 2000, 250);
}

TEST(Draw, NeverTakesWhatCannotCome) {
  const float never = -std::numeric_limits<float>::infinity();
  const std::vector<int> n = counts(plain(2), {never, 0, never}, 1000);
  EXPECT_EQ(n[1], 1000);
}

TEST(Temperature, SharpensAndFlattens) {
  // p^(1/t): at 0.5, 0.25 : 0.09 : 0.04 over 0.38; at 2, sqrt(p) over 1.7020.
  SamplingOptions options = plain(3);
  options.temperature = 0.5;
  EXPECT_NEAR(counts(options, logits_of({0.5, 0.3, 0.2}), 10000)[0], 6579, 250);
  options.temperature = 2;
  EXPECT_NEAR(counts(options, logits_of({0.5, 0.3, 0.2}), 10000)[0], 4155, 250);
}

TEST(Temperature, HoweverSmallIsNoNaN) {
  SamplingOptions options = plain(4);
  options.temperature = 1e-300;
  EXPECT_EQ(counts(options, {1, 30, 20}, 10)[1], 10);
}

TEST(Temperature, ComesAfterTopP) {
  // At 0.5 token 0 alone has 0.66 of the probability; before temperature 0.6 needs two tokens.
  SamplingOptions options = plain(5);
  options.temperature = 0.5;
  options.top_p = 0.6;
  EXPECT_GT(counts(options, logits_of({0.5, 0.3, 0.2}), 1000)[1], 0);
}

TEST(Mirostat, StartsWithALimitOfTwiceTau) {
  // tau 1: limit 2 bits. Of 0.5, 0.3 and 0.2 (1, 1.7 and 2.3 bits) the last is dropped.
  Candidates candidates = candidates_of({0.5, 0.3, 0.2});
  Mirostat mirostat({1.0, 0.1});
  Random random(1);
  const std::int32_t id = mirostat.sample(candidates, random);
  EXPECT_EQ(candidates.size(), 2U);
  const double surprise = -std::log2((id == 0 ? 0.5 : 0.3) / 0.8);
  EXPECT_NEAR(mirostat.limit(), 2 - 0.1 * (surprise - 1), 1e-6);
}

TEST(Mirostat, KeepsTheLikeliestUnderAnyLimit) {
  Candidates candidates = candidates_of({0.2, 0.2, 0.2, 0.2, 0.2});
  Mirostat mirostat({0.1, 0.1});
  Random random(1);
  EXPECT_EQ(mirostat.sample(candidates, random), 0);
}

TEST(Mirostat, HoldsTheMeanSurpriseNearTau) {
  std::vector<float> logits;
  for (int i = 0; i < 1000; ++i) logits.push_back(-0.02F * static_cast<float>(i));
  SamplingOptions options = plain(6);
  options.mirostat = MirostatOptions{3.0, 0.1};
  SamplerChain sampler(options);
  double sum = 0;
  double total = 0;
  for (const float logit : logits) total += std::exp(logit);
  for (int i = 0; i < 2000; ++i) {
    const auto id = static_cast<std::size_t>(sampler.sample(logits));
    sum += -std::log2(std::exp(logits[id]) / total);
  }
  // What it steers is the surprise among the tokens that it keeps, so the plain one is above tau.
  EXPECT_GT(sum / 2000, 3.0);
  EXPECT_LT(sum / 2000, 2 * 3.0);
}

TEST(SamplerChain, GivesTheSameTokensForTheSameSeed) {
  std::vector<float> logits;
  for (int i = 0; i < 500; ++i) logits.push_back(std::sin(static_cast<float>(i)) * 5);
  SamplingOptions options;
  options.seed = 42;
  SamplerChain a(options), b(options);
  options.seed = 43;
  SamplerChain c(options);
  bool differs = false;
  for (int i = 0; i < 200; ++i) {
    const std::int32_t id = a.sample(logits);
    EXPECT_EQ(id, b.sample(logits));
    differs = differs || id != c.sample(logits);
  }
  EXPECT_TRUE(differs);
}

TEST(SamplerChain, RefusesLogitsThatAreNoNumbers) {
  SamplerChain sampler(SamplingOptions{});
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinity = std::numeric_limits<float>::infinity();
  for (const std::vector<float>& logits :
       {std::vector<float>{1, nan}, {infinity, 1}, {-infinity, -infinity}, {}}) {
    EXPECT_THROW(sampler.sample(logits), Error);
  }
}

TEST(SamplerChain, RefusesOptionsOutOfRange) {
  SamplingOptions options;
  options.top_p = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(SamplerChain{options}, Error);
  options = {};
  options.temperature = -1;
  EXPECT_THROW(SamplerChain{options}, Error);
}

}  // namespace
}  // namespace wick

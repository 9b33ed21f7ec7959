// The statistics, against values worked out by hand; whole models are compared end to end.
#include "quality/divergence.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace wick {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

std::vector<float> logarithms(const std::vector<double>& probabilities, double shift) {
  std::vector<float> logits;
  for (const double p : probabilities) logits.push_back(static_cast<float>(std::log(p) + shift));
  return logits;
}

TEST(TokenDivergence, IsTheSumOverTheVocabulary) {
  const std::vector<float> a = logarithms({0.5, 0.25, 0.25}, 3),
                           b = logarithms({0.25, 0.5, 0.25}, -7);
  const TokenDivergence token = token_divergence(a, b, 1);
  EXPECT_NEAR(token.kl, 0.5 * std::log(2.0) - 0.25 * std::log(2.0), 1e-6);
  EXPECT_NEAR(token.nll_a, std::log(4.0), 1e-6);
  EXPECT_NEAR(token.nll_b, std::log(2.0), 1e-6);
  EXPECT_FALSE(token.is_same_top);
}

TEST(TokenDivergence, IsExactlyZeroForEqualRows) {
  const std::vector<float> row = {1.1F, -3.3F, 0.7F, 1e-20F, 88.5F, -1e4F};
  const TokenDivergence token = token_divergence(row, row, 2);
  EXPECT_EQ(token.kl, 0);
  EXPECT_EQ(token.nll_a, token.nll_b);
  EXPECT_TRUE(token.is_same_top);
}

TEST(TokenDivergence, IsNeverNegative) {
  std::vector<float> a(1000), b(1000);
  for (std::size_t i = 0; i < a.size(); ++i) {
    a[i] = static_cast<float>(i % 7);
    b[i] = std::nextafter(a[i], kInfinity) + 0.5F;
  }
  EXPECT_GE(token_divergence(a, b, 0).kl, 0);
}

TEST(TokenDivergence, TakesTheFirstOfEquallyLikelyTokens) {
  EXPECT_TRUE(
      token_divergence(std::vector<float>{1, 2, 2}, std::vector<float>{0, 5, 5}, 0).is_same_top);
  EXPECT_FALSE(token_divergence(std::vector<float>{2, 2}, std::vector<float>{1, 2}, 0).is_same_top);
}

TEST(TokenDivergence, ForgivesWhatTheOriginalHoldsImpossible) {
  const TokenDivergence token =
      token_divergence(std::vector<float>{0, -kInfinity}, std::vector<float>{0, 0}, 0);
  EXPECT_NEAR(token.kl, std::log(2.0), 1e-12);
}

TEST(TokenDivergence, SaysWhereALogitIsNoNumber) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> good = {1, 2}, bad = {1, nan};
  EXPECT_FALSE(std::isfinite(token_divergence(bad, good, 0).nll_a));
  EXPECT_FALSE(std::isfinite(token_divergence(good, bad, 0).nll_b));
}

TEST(Quantile, InterpolatesBetweenTheNearestTwo) {
  const std::vector<double> values = {0, 1, 2, 10};
  EXPECT_EQ(quantile(values, 0), 0);
  EXPECT_EQ(quantile(values, 0.5), 1.5);
  EXPECT_EQ(quantile(values, 1), 10);
  EXPECT_NEAR(quantile(values, 0.9), 2 + 0.7 * 8, 1e-12);
  EXPECT_EQ(quantile(std::vector<double>{3}, 0.99), 3);
}

TEST(DivergenceSummary, GivesMeansAndTheirErrors) {
  DivergenceSummary summary;
  summary.add({0.1, 1.0, 1.5, true});
  summary.add({0.3, 2.0, 1.7, false});
  summary.add({0.8, 3.0, 3.4, true});
  const Divergence d = summary.result();
  EXPECT_EQ(d.n_tokens, 3U);
  EXPECT_NEAR(d.kl.value, 0.4, 1e-12);
  // Deviations -0.3, -0.1, 0.4: their mean square over n - 1.
  EXPECT_NEAR(d.kl.error, std::sqrt(0.26 / 3 / 2), 1e-12);
  EXPECT_EQ(d.kl_median, 0.3);
  EXPECT_NEAR(d.kl_q99, 0.3 + 0.98 * 0.5, 1e-12);
  EXPECT_EQ(d.kl_max, 0.8);
  EXPECT_NEAR(d.same_top.value, 2.0 / 3, 1e-12);
  EXPECT_NEAR(d.same_top.error, std::sqrt(2.0 / 9 / 2), 1e-12);
  EXPECT_NEAR(d.perplexity_a.value, std::exp(2.0), 1e-12);
  EXPECT_NEAR(d.perplexity_b.value, std::exp(2.2), 1e-12);
  // Differences 0.5, -0.3, 0.4 of mean 0.2.
  EXPECT_NEAR(d.perplexity_ratio.value, std::exp(0.2), 1e-12);
  EXPECT_NEAR(d.perplexity_ratio.error, std::exp(0.2) * std::sqrt(0.38 / 3 / 2), 1e-12);
}

TEST(DivergenceSummary, MeasuresTheChangeOfProbability) {
  DivergenceSummary summary;
  summary.add({0, std::log(2.0), std::log(4.0), true});  // a half becomes a quarter
  summary.add({0, std::log(4.0), std::log(2.0), true});
  const Divergence d = summary.result();
  EXPECT_NEAR(d.delta_p.value, 0, 1e-12);
  EXPECT_NEAR(d.delta_p.error, 0.25, 1e-12);
  EXPECT_NEAR(d.rms_delta_p.value, 0.25, 1e-12);
  EXPECT_NEAR(d.rms_delta_p.error, 0, 1e-9);
}

TEST(DivergenceSummary, OfNothingIsZero) {
  const Divergence d = DivergenceSummary().result();
  EXPECT_EQ(d.n_tokens, 0U);
  EXPECT_EQ(d.kl.value, 0);
}

}  // namespace
}  // namespace wick

// See divergence.h.
#include "quality/divergence.h"

#include <algorithm>
#include <cmath>

namespace wick {
namespace {

/// What is taken from logits to make them logarithms of probabilities.
double log_sum_exp(std::span<const float> logits) {
  const double largest = *std::max_element(logits.begin(), logits.end());
  double sum = 0;
  for (const float logit : logits) sum += std::exp(static_cast<double>(logit) - largest);
  return std::log(sum) + largest;
}

std::ptrdiff_t top(std::span<const float> logits) {
  return std::max_element(logits.begin(), logits.end()) - logits.begin();
}

/// The error of a logarithm, carried through exp.
Estimate exp_of(const Estimate& logarithm) {
  const double value = std::exp(logarithm.value);
  return {value, logarithm.error * value};
}

}  // namespace

TokenDivergence token_divergence(std::span<const float> a, std::span<const float> b,
                                 std::int32_t next) {
  const double lse_a = log_sum_exp(a), lse_b = log_sum_exp(b);
  double kl = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double log_a = static_cast<double>(a[i]) - lse_a;
    const double log_b = static_cast<double>(b[i]) - lse_b;
    const double p = std::exp(log_a);
    // What A holds impossible costs nothing, whatever B says: 0 times infinity is not asked for.
    if (p != 0) kl += p * (log_a - log_b);
  }
  // The true sum is never negative; its rounding may be. NaN stays.
  if (kl < 0) kl = 0;
  const auto at = static_cast<std::size_t>(next);
  return {kl, lse_a - static_cast<double>(a[at]), lse_b - static_cast<double>(b[at]),
          top(a) == top(b)};
}

double quantile(std::span<const double> ascending, double share) {
  const double at = share * static_cast<double>(ascending.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, ascending.size() - 1);
  return ascending[below] +
         (at - static_cast<double>(below)) * (ascending[above] - ascending[below]);
}

void DivergenceSummary::Sums::add(double value) noexcept {
  sum += value;
  squares += value * value;
}

Estimate DivergenceSummary::Sums::mean(std::uint64_t n_tokens) const noexcept {
  if (n_tokens == 0) return {};
  const auto n = static_cast<double>(n_tokens);
  const double mean = sum / n;
  const double variance = std::max(0.0, squares / n - mean * mean);
  return {mean, n > 1 ? std::sqrt(variance / (n - 1)) : 0};
}

void DivergenceSummary::add(const TokenDivergence& token) {
  kls_.push_back(token.kl);
  kl_.add(token.kl);
  same_top_.add(token.is_same_top ? 1 : 0);
  nll_a_.add(token.nll_a);
  nll_b_.add(token.nll_b);
  difference_.add(token.nll_b - token.nll_a);
  const double delta_p = std::exp(-token.nll_b) - std::exp(-token.nll_a);
  delta_p_.add(delta_p);
  delta_p2_.add(delta_p * delta_p);
}

double DivergenceSummary::mean_kl() const noexcept {
  return kl_.mean(n_tokens()).value;
}

Divergence DivergenceSummary::result() const {
  Divergence result;
  const std::uint64_t n = result.n_tokens = n_tokens();
  if (n == 0) return result;
  std::vector<double> ascending = kls_;
  std::sort(ascending.begin(), ascending.end());
  result.kl = kl_.mean(n);
  result.kl_median = quantile(ascending, 0.5);
  result.kl_q99 = quantile(ascending, 0.99);
  result.kl_max = ascending.back();
  result.same_top = same_top_.mean(n);
  result.perplexity_a = exp_of(nll_a_.mean(n));
  result.perplexity_b = exp_of(nll_b_.mean(n));
  result.perplexity_ratio = exp_of(difference_.mean(n));
  result.delta_p = delta_p_.mean(n);
  const Estimate square = delta_p2_.mean(n);
  const double rms = std::sqrt(square.value);
  // The error of a square, carried through the root.
  result.rms_delta_p = {rms, rms > 0 ? square.error / (2 * rms) : 0};
  return result;
}

}  // namespace wick

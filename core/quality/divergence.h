// How far one model's predictions are from another's: of one token, and summed up over a text.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace wick {

/// Of one prediction: A is the original, B what is judged. Natural logarithms.
struct TokenDivergence {
  double kl = 0;     ///< KL(A || B), nats; never negative
  double nll_a = 0;  ///< -log of A's probability of the token that comes
  double nll_b = 0;  ///< of B's
  bool is_same_top =
      true;  ///< both like the same token most; of equals, the one with the lowest id
};

/// a, b  [vocab_size]  logits. In double, in the order of ids: equal rows have a divergence of
/// exactly 0, whatever the machine. Logits that are no numbers give a kl or nll that is none.
TokenDivergence token_divergence(std::span<const float> a, std::span<const float> b,
                                 std::int32_t next);

/// A mean and its standard error, tokens taken as independent.
struct Estimate {
  double value = 0, error = 0;
};

struct Divergence {
  std::uint64_t n_tokens = 0;
  Estimate kl;  ///< mean, nats
  double kl_median = 0, kl_q99 = 0, kl_max = 0;
  Estimate same_top;  ///< share, 0..1
  Estimate perplexity_a, perplexity_b;
  Estimate perplexity_ratio;  ///< B over A; the error is that of the paired differences
  Estimate delta_p;           ///< of the token that comes: B's probability less A's
  Estimate rms_delta_p;
};

/// Memory: 8 bytes a token.
class DivergenceSummary {
 public:
  void add(const TokenDivergence& token);
  std::uint64_t n_tokens() const noexcept { return kls_.size(); }
  double mean_kl() const noexcept;
  /// Errors of one token are 0: nothing is known of them.
  Divergence result() const;

 private:
  struct Sums {
    double sum = 0, squares = 0;
    void add(double value) noexcept;
    Estimate mean(std::uint64_t n) const noexcept;
  };
  std::vector<double> kls_;
  Sums kl_, same_top_, nll_a_, nll_b_, difference_, delta_p_, delta_p2_;
};

/// Of ascending values, by linear interpolation between the nearest two; share: 0..1.
double quantile(std::span<const double> ascending, double share);

}  // namespace wick

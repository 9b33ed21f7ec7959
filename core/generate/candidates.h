// The tokens that may still be drawn. Not for deciding which stay: that is each sampler's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace wick {

struct CandidateToken {
  std::int32_t id;
  float logit;
};

/// Likelier first; of equal ones the lower id, so that order never depends on the sorting
/// algorithm.
inline bool is_likelier(const CandidateToken& a, const CandidateToken& b) noexcept {
  return a.logit != b.logit ? a.logit > b.logit : a.id < b.id;
}

/// A set of tokens, sorted only as far as somebody looked: vocabularies hold 100,000 of them and
/// samplers keep a few.
class Candidates {
 public:
  /// All of `logits`, ids ascending. Memory is kept from call to call. Errors: kBadArgument, for no
  /// logits, NaN, +infinity, or nothing but -infinity.
  void assign(std::span<const float> logits);
  /// The same as assign() and keep_front(n), errors too, in a fraction of the time where n is
  /// small.
  void assign_front(std::span<const float> logits, std::size_t n);

  /// The same as assign_front(), errors too, of logits that were sorted elsewhere, the likeliest
  /// first (top_k@1): `ids` and `logits` hold at least n.
  void assign_ranked(std::span<const float> ids, std::span<const float> logits, std::size_t n);

  std::size_t size() const noexcept { return items_.size(); }
  std::span<CandidateToken> items() noexcept { return items_; }
  std::span<const CandidateToken> items() const noexcept { return items_; }

  /// Makes items()[0..n) the n likeliest, in order.
  void sort_front(std::size_t n);
  /// How many stand sorted at the front, the likeliest of all.
  std::size_t n_sorted() const noexcept { return n_sorted_; }
  /// After logits were changed one by one.
  void forget_order() noexcept { n_sorted_ = 0; }
  /// Keeps the n likeliest, at least one.
  void keep_front(std::size_t n);
  /// Replaces the set; `items` must not be empty.
  void replace(std::vector<CandidateToken> items);

  float largest_logit() const noexcept;
  /// exp(logit - largest) of items()[i], and the sum of them all: weight / sum is the probability.
  static double weight(float logit, float largest) noexcept;
  double sum_of_weights(float largest) const noexcept;

 private:
  std::vector<CandidateToken> items_;
  std::size_t n_sorted_ = 0;
  std::vector<float> largest_of_blocks_, ordered_;  ///< of assign_front; memory only
};

}  // namespace wick

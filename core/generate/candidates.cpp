// Selection first, sorting of what was selected second.
#include "generate/candidates.h"

#include <wick/error.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace wick {
namespace {

// Up to here a heap of the best beats partitioning everything: most candidates lose against its top
// and are never moved.
constexpr std::size_t kHeapLimit = 512;

[[noreturn]] void fail_not_a_number(std::span<const float> logits) {
  std::size_t i = 0;
  while (logits[i] < INFINITY) ++i;
  fail(ErrorCode::kBadArgument, "sampler: the logit of token ", i, " is ", logits[i],
       ", need a number; the model's weights are broken, or --precise is needed");
}

}  // namespace

void Candidates::assign(std::span<const float> logits) {
  if (logits.empty()) fail(ErrorCode::kBadArgument, "sampler: no logits, need one for each token");
  items_.resize(logits.size());
  n_sorted_ = 0;
  // Without branches: this runs over the whole vocabulary for every token.
  bool all_numbers = true;
  float largest = -INFINITY;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    const float logit = logits[i];
    all_numbers &= logit < INFINITY;
    largest = logit > largest ? logit : largest;
    items_[i] = {static_cast<std::int32_t>(i), logit};
  }
  if (!all_numbers) fail_not_a_number(logits);
  if (largest == -INFINITY)
    fail(ErrorCode::kBadArgument, "sampler: every logit is -inf, need a token that may come");
}

void Candidates::sort_front(std::size_t n) {
  n = std::min(n, items_.size());
  if (n <= n_sorted_) return;
  const auto begin = items_.begin() + static_cast<std::ptrdiff_t>(n_sorted_);
  const auto end = items_.begin() + static_cast<std::ptrdiff_t>(n);
  if (n - n_sorted_ <= kHeapLimit) {
    std::partial_sort(begin, end, items_.end(), is_likelier);
  } else {
    if (end != items_.end()) std::nth_element(begin, end, items_.end(), is_likelier);
    std::sort(begin, end, is_likelier);
  }
  n_sorted_ = n;
}

void Candidates::keep_front(std::size_t n) {
  n = std::clamp<std::size_t>(n, 1, items_.size());
  sort_front(n);
  items_.resize(n);
  n_sorted_ = n;
}

void Candidates::replace(std::vector<Candidate> items) {
  items_ = std::move(items);
  n_sorted_ = 0;
}

float Candidates::largest_logit() const noexcept {
  if (n_sorted_ > 0) return items_.front().logit;
  return std::min_element(items_.begin(), items_.end(), is_likelier)->logit;
}

double Candidates::weight(float logit, float largest) noexcept {
  return std::exp(static_cast<double>(logit) - static_cast<double>(largest));
}

double Candidates::sum_of_weights(float largest) const noexcept {
  double sum = 0;
  for (const Candidate& candidate : items_) sum += weight(candidate.logit, largest);
  return sum;
}

}  // namespace wick

// Selection first, sorting of what was selected second.
#include "generate/candidates.h"

#include <wick/error.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <utility>

namespace wick {
namespace {

// Up to here a heap of the best beats partitioning everything: most candidates lose against its top
// and are never moved.
constexpr std::size_t kHeapLimit = 512;

// Logits of which only the largest is kept at first. Few blocks hold one of the likeliest, and only
// those are looked at again.
constexpr std::size_t kBlock = 64;

// Four lanes of the extension that gcc and clang share, which every processor has: compilers may
// not reorder comparisons of floats, and so make no vectors of the plain loop.
using Floats = float __attribute__((vector_size(16)));
using Signed = std::int32_t __attribute__((vector_size(16)));
constexpr std::size_t kLanes = 4;

[[noreturn]] void fail_not_a_number(std::size_t id, float logit) {
  fail(ErrorCode::kBadArgument, "sampler: the logit of token ", id, " is ", logit,
       ", need a number; the model's weights are broken, or --precise is needed");
}

[[noreturn]] void fail_not_a_number(std::span<const float> logits) {
  std::size_t i = 0;
  while (logits[i] < INFINITY) ++i;
  fail_not_a_number(i, logits[i]);
}

[[noreturn]] void fail_never() {
  fail(ErrorCode::kBadArgument, "sampler: every logit is -inf, need a token that may come");
}

// Over the whole vocabulary for every token, and so without branches. NaN and +infinity clear
// `numbers`, and a NaN is larger than nothing.
float largest_of_block(const float* logits, Signed& numbers) {
  const Floats never = {-INFINITY, -INFINITY, -INFINITY, -INFINITY};
  Floats largest[2] = {never, never};  // two, because each waits for the last comparison
  for (std::size_t i = 0; i < kBlock; i += 2 * kLanes) {
    Floats part[2];
    std::memcpy(part, logits + i, sizeof part);
    numbers &= (part[0] < -never) & (part[1] < -never);
    largest[0] = part[0] > largest[0] ? part[0] : largest[0];
    largest[1] = part[1] > largest[1] ? part[1] : largest[1];
  }
  const Floats all = largest[0] > largest[1] ? largest[0] : largest[1];
  return std::max(std::max(all[0], all[1]), std::max(all[2], all[3]));
}

// The last block may be shorter.
void find_largest_of_blocks(std::span<const float> logits, std::vector<float>& largest) {
  largest.resize((logits.size() + kBlock - 1) / kBlock);
  Signed numbers = {-1, -1, -1, -1};
  const std::size_t n_whole = logits.size() / kBlock;
  for (std::size_t block = 0; block < n_whole; ++block)
    largest[block] = largest_of_block(&logits[block * kBlock], numbers);
  if (n_whole < largest.size()) {
    float last[kBlock];
    std::fill_n(last, kBlock, -INFINITY);
    std::copy(logits.begin() + static_cast<std::ptrdiff_t>(n_whole * kBlock), logits.end(), last);
    largest.back() = largest_of_block(last, numbers);
  }
  if ((numbers[0] & numbers[1] & numbers[2] & numbers[3]) == 0) fail_not_a_number(logits);
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
  if (largest == -INFINITY) fail_never();
}

void Candidates::assign_front(std::span<const float> logits, std::size_t n) {
  n = std::max<std::size_t>(n, 1);
  if (n > logits.size() / kBlock) {
    assign(logits);
    keep_front(n);
    return;
  }
  find_largest_of_blocks(logits, largest_of_blocks_);
  // n blocks have a logit of at least `bound`, and so the n likeliest are no lower.
  ordered_ = largest_of_blocks_;
  const auto nth = ordered_.begin() + static_cast<std::ptrdiff_t>(n - 1);
  std::nth_element(ordered_.begin(), nth, ordered_.end(), std::greater<>());
  if (*std::max_element(ordered_.begin(), nth + 1) == -INFINITY) fail_never();
  const float bound = *nth;
  items_.clear();
  n_sorted_ = 0;
  for (std::size_t block = 0; block < largest_of_blocks_.size(); ++block) {
    if (largest_of_blocks_[block] < bound) continue;
    const std::size_t end = std::min(logits.size(), (block + 1) * kBlock);
    for (std::size_t i = block * kBlock; i < end; ++i)
      if (logits[i] >= bound) items_.push_back({static_cast<std::int32_t>(i), logits[i]});
  }
  keep_front(n);
}

void Candidates::assign_ranked(std::span<const float> ids, std::span<const float> logits,
                               std::size_t n) {
  // What is no number comes first.
  if (!(logits.front() < INFINITY))
    fail_not_a_number(static_cast<std::size_t>(ids.front()), logits.front());
  if (logits.front() == -INFINITY) fail_never();
  items_.resize(n);
  for (std::size_t i = 0; i < n; ++i) items_[i] = {static_cast<std::int32_t>(ids[i]), logits[i]};
  n_sorted_ = n;
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

void Candidates::replace(std::vector<CandidateToken> items) {
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
  for (const CandidateToken& candidate : items_) sum += weight(candidate.logit, largest);
  return sum;
}

}  // namespace wick

// Options within a budget, against all combinations of a few.
#include "quantize/knapsack.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

namespace wick {
namespace {

using Items = std::vector<std::vector<SizedLoss>>;

std::uint64_t bytes_of(const Items& items, const std::vector<std::size_t>& chosen) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < items.size(); ++i) sum += items[i][chosen[i]].bytes;
  return sum;
}
double loss_of(const Items& items, const std::vector<std::size_t>& chosen) {
  double sum = 0;
  for (std::size_t i = 0; i < items.size(); ++i) sum += items[i][chosen[i]].loss;
  return sum;
}

/// The least loss of all combinations that fit.
double best_loss(const Items& items, std::uint64_t budget, std::size_t from = 0) {
  if (from == items.size()) return 0;
  double best = std::numeric_limits<double>::infinity();
  for (const SizedLoss& option : items[from])
    if (option.bytes <= budget)
      best = std::min(best, option.loss + best_loss(items, budget - option.bytes, from + 1));
  return best;
}

Items random_items(std::uint32_t seed) {
  std::mt19937 random(seed);
  Items items(5);
  for (auto& options : items)
    for (int i = 0; i < 6; ++i)
      options.push_back({100 + random() % 900, static_cast<double>(random() % 1000)});
  return items;
}

TEST(Knapsack, StaysWithinTheBudgetAndNearTheBest) {
  for (std::uint32_t seed = 1; seed <= 200; ++seed) {
    const Items items = random_items(seed);
    const std::uint64_t least = least_bytes(items);
    for (const std::uint64_t more : {0u, 100u, 700u, 1500u, 9000u}) {
      const std::vector<std::size_t> chosen = fill_budget(items, least + more);
      EXPECT_LE(bytes_of(items, chosen), least + more) << "seed " << seed;
      // A step that does not fit is all that a walk along the hulls may miss: 1000 at most.
      EXPECT_LE(loss_of(items, chosen), best_loss(items, least + more) + 1000) << "seed " << seed;
    }
  }
}

TEST(Knapsack, FindsTheBestWhereStepsOfTheHullsFillTheBudget) {
  // Two items with the same sizes; the first gains twice as much by each step.
  const Items items = {{{10, 80}, {20, 40}, {30, 20}}, {{10, 40}, {20, 20}, {30, 10}}};
  for (const std::uint64_t budget : {20u, 30u, 40u, 50u, 60u, 100u})
    EXPECT_EQ(loss_of(items, fill_budget(items, budget)), best_loss(items, budget)) << budget;
}

TEST(Knapsack, TakesNoOptionThatIsWorseForMoreBytes) {
  const Items items = {{{10, 5}, {20, 6}, {30, 5}}};
  EXPECT_EQ(fill_budget(items, 1000), std::vector<std::size_t>{0});
}

TEST(Knapsack, SpendsWhatIsLeftOffTheHull) {
  // 20 bytes are above the line from 10 to 30, and all that fits.
  const Items items = {{{10, 10}, {20, 8}, {30, 0}}};
  EXPECT_EQ(fill_budget(items, 25), std::vector<std::size_t>{1});
}

TEST(Knapsack, TakesTheSmallestWhereNothingFits) {
  const Items items = {{{30, 1}, {10, 10}}, {{40, 0}}};
  EXPECT_EQ(fill_budget(items, 5), (std::vector<std::size_t>{1, 0}));
  EXPECT_EQ(least_bytes(items), 50u);
}

}  // namespace
}  // namespace wick

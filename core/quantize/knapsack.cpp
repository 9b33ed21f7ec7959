// See knapsack.h. Steps along a hull only get worse, so the best of all next steps is the best that
// is left: that is the optimum for the bytes that it reaches.
#include "quantize/knapsack.h"

#include <algorithm>
#include <numeric>
#include <queue>

namespace wick {
namespace {

/// Indices by rising bytes and falling loss, without those that a line between two others is below.
std::vector<std::size_t> lower_hull(const std::vector<SizedLoss>& options) {
  std::vector<std::size_t> order(options.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return options[a].bytes != options[b].bytes ? options[a].bytes < options[b].bytes
                                                : options[a].loss < options[b].loss;
  });
  const auto slope = [&](std::size_t a, std::size_t b) {
    return (options[a].loss - options[b].loss) /
           static_cast<double>(options[b].bytes - options[a].bytes);
  };
  std::vector<std::size_t> hull;
  for (const std::size_t next : order) {
    if (!hull.empty() && options[next].loss >= options[hull.back()].loss) continue;
    while (hull.size() > 1 && slope(hull[hull.size() - 2], hull.back()) <= slope(hull.back(), next))
      hull.pop_back();
    hull.push_back(next);
  }
  return hull;
}

struct Step {
  double gain_a_byte;
  std::size_t item;
  bool operator<(const Step& other) const noexcept {
    return gain_a_byte != other.gain_a_byte ? gain_a_byte < other.gain_a_byte : item > other.item;
  }
};

class Filler {
 public:
  Filler(const std::vector<std::vector<SizedLoss>>& items, std::uint64_t budget) : items_(items) {
    for (const std::vector<SizedLoss>& options : items) {
      hulls_.push_back(lower_hull(options));
      chosen_.push_back(hulls_.back().front());
    }
    const std::uint64_t least = least_bytes(items);
    left_ = budget > least ? budget - least : 0;
  }

  std::vector<std::size_t> fill() {
    follow_hulls();
    while (take_best_left()) {
    }
    return chosen_;
  }

 private:
  std::uint64_t more_bytes(std::size_t item, std::size_t option) const {
    return items_[item][option].bytes - items_[item][chosen_[item]].bytes;
  }
  double gain(std::size_t item, std::size_t option) const {
    return items_[item][chosen_[item]].loss - items_[item][option].loss;
  }

  void follow_hulls() {
    std::vector<std::size_t> at(items_.size(), 0);
    std::priority_queue<Step> steps;
    const auto add_step = [&](std::size_t item) {
      if (at[item] + 1 >= hulls_[item].size()) return;
      const std::size_t next = hulls_[item][at[item] + 1];
      steps.push({gain(item, next) / static_cast<double>(more_bytes(item, next)), item});
    };
    for (std::size_t item = 0; item < items_.size(); ++item) add_step(item);
    while (!steps.empty()) {
      const std::size_t item = steps.top().item;
      steps.pop();
      const std::size_t next = hulls_[item][at[item] + 1];
      if (more_bytes(item, next) > left_) continue;  // and no later step of its
      left_ -= more_bytes(item, next);
      chosen_[item] = next;
      ++at[item];
      add_step(item);
    }
  }

  /// Any option, on a hull or not.
  bool take_best_left() {
    std::size_t best_item = items_.size(), best_option = 0;
    double best = 0;
    for (std::size_t item = 0; item < items_.size(); ++item)
      for (std::size_t option = 0; option < items_[item].size(); ++option) {
        const std::uint64_t own = items_[item][chosen_[item]].bytes;
        if (items_[item][option].bytes > own + left_ || gain(item, option) <= best) continue;
        best = gain(item, option);
        best_item = item;
        best_option = option;
      }
    if (best_item == items_.size()) return false;
    left_ =
        left_ + items_[best_item][chosen_[best_item]].bytes - items_[best_item][best_option].bytes;
    chosen_[best_item] = best_option;
    return true;
  }

  const std::vector<std::vector<SizedLoss>>& items_;
  std::vector<std::vector<std::size_t>> hulls_;
  std::vector<std::size_t> chosen_;
  std::uint64_t left_ = 0;
};

}  // namespace

std::vector<std::size_t> fill_budget(const std::vector<std::vector<SizedLoss>>& items,
                                     std::uint64_t budget) {
  return Filler(items, budget).fill();
}

std::uint64_t least_bytes(const std::vector<std::vector<SizedLoss>>& items) {
  std::uint64_t sum = 0;
  for (const std::vector<SizedLoss>& options : items)
    sum += std::min_element(options.begin(), options.end(), [](const auto& a, const auto& b) {
             return a.bytes < b.bytes;
           })->bytes;
  return sum;
}

}  // namespace wick

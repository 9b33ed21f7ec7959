// Greedy: a phase takes every step, of the next few, that needs no barrier after the steps that the
// phase already holds and does not depend on one that is left for later.
#include "phases.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace wick::cpu {
namespace {

/// So many steps may be passed over by a later one. Two products of one input are some ten apart;
/// more would keep values alive, and memory in use, for nothing.
constexpr std::size_t kMostPassed = 24;

struct Access {
  std::uint32_t value;
  bool is_write;
  Partition partition;
};

std::vector<Access> accesses_of(const Step& step) {
  std::vector<Access> all;
  for (const std::uint32_t value : step.reads)
    all.push_back({value, false, step.reads_anywhere ? Partition{} : step.partition});
  for (const std::uint32_t value : step.writes) all.push_back({value, true, step.partition});
  if (step.changes != WICK_NONE) all.push_back({step.changes, true, step.partition});
  return all;
}

/// What some steps touch.
class Touched {
 public:
  void add(const Step& step) {
    for (const Access& access : accesses_of(step)) by_value_[access.value].push_back(access);
  }
  /// Whether another thread's part of these may be what the step reads or overwrites.
  bool needs_barrier(const Step& step) const {
    return any_conflict(step, [](const Access& a, const Access& b) {
      return !same_parts(a.partition, b.partition);
    });
  }
  /// Whether the step must stay behind these on any thread.
  bool must_follow(const Step& step) const {
    return any_conflict(step, [](const Access&, const Access&) { return true; });
  }

 private:
  template <class Counts>
  bool any_conflict(const Step& step, Counts counts) const {
    for (const Access& access : accesses_of(step)) {
      const auto found = by_value_.find(access.value);
      if (found == by_value_.end()) continue;
      for (const Access& earlier : found->second)
        if ((earlier.is_write || access.is_write) && counts(earlier, access)) return true;
    }
    return false;
  }
  std::unordered_map<std::uint32_t, std::vector<Access>> by_value_;
};

}  // namespace

void make_phases(std::vector<std::unique_ptr<Step>>& steps) {
  std::vector<std::unique_ptr<Step>> ordered;
  std::uint32_t phase = 0;
  for (auto first = steps.begin(); first != steps.end(); ++phase) {
    Touched in_phase, left;
    std::size_t n_left = 0;
    std::uint32_t n_handing_out = 0;
    for (auto at = first; at != steps.end() && n_left < kMostPassed; ++at) {
      if (!*at) continue;
      if (left.must_follow(**at) || in_phase.needs_barrier(**at)) {
        left.add(**at);
        ++n_left;
        continue;
      }
      in_phase.add(**at);
      (*at)->phase = phase;
      if ((*at)->hands_out) (*at)->claim_slot = n_handing_out++;
      ordered.push_back(std::move(*at));
    }
    first = std::find_if(first, steps.end(), [](const auto& step) { return step != nullptr; });
  }
  steps = std::move(ordered);
}

std::uint32_t count_claim_slots(const std::vector<std::unique_ptr<Step>>& steps) noexcept {
  std::uint32_t n = 0;
  for (const auto& step : steps)
    if (step->hands_out) n = std::max(n, step->claim_slot + 1);
  return n;
}

}  // namespace wick::cpu

// Work that threads hand out among themselves while a step runs, so that they finish together
// though one of them was held up. Results do not depend on who did what. Not for steps whose parts
// are fixed (ops/partition.h).
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>

#include "ops/step.h"

namespace wick::cpu {

/// A counter for each thread, claiming step of a phase, and parity of the phase: while one phase
/// counts, the counters of the next are made ready.
class Claims {
 public:
  using Counter = std::atomic<std::uint64_t>;

  /// n_slots: the most steps of one phase that claim.
  Claims(std::uint32_t n_slots, std::uint32_t n_threads);

  /// Makes phase 0 ready; no thread may be at work.
  void start() noexcept;
  /// By every thread, anywhere in `phase`: makes its counters of the next phase ready.
  void prepare_next(std::uint32_t phase, std::uint32_t thread) noexcept;

  Counter& counter(const Step& step, std::uint32_t thread) const noexcept {
    return at(step.phase, step.claim_slot, thread);
  }

 private:
  struct alignas(64) Line {
    Counter counter{0};
  };
  Counter& at(std::uint32_t phase, std::uint32_t slot, std::uint32_t thread) const noexcept {
    return lines_[((phase % 2) * n_slots_ + slot) * n_threads_ + thread].counter;
  }
  std::uint64_t n_slots_, n_threads_;
  std::unique_ptr<Line[]> lines_;
};

/// body(range) for ranges of at most `grain` of n things; the ranges of all threads cover each
/// once. A thread takes its own share first, in order, so that it reads its memory in one stream;
/// then what others have left.
template <class Body>
void claim_share(const RunContext& run, const Step& step, const sdk::Team& team, std::uint64_t n,
                 std::uint64_t grain, Body body) noexcept {
  if (team.n_threads() == 1) return body(Range{0, n});
  for (std::uint32_t i = 0; i < team.n_threads(); ++i) {
    const std::uint32_t owner = (team.thread() + i) % team.n_threads();
    const Range part = share(n, owner, team.n_threads());
    const std::uint64_t n_claims = (part.end - part.begin + grain - 1) / grain;
    Claims::Counter& next = run.claims->counter(step, owner);
    while (next.load(std::memory_order_relaxed) < n_claims) {
      const std::uint64_t begin = part.begin + next.fetch_add(1, std::memory_order_relaxed) * grain;
      if (begin < part.end) body(Range{begin, std::min(begin + grain, part.end)});
    }
  }
}

/// body(i) for i in [0, n), each once, begun in this order by whoever is free.
template <class Body>
void claim_each(const RunContext& run, const Step& step, std::uint64_t n, Body body) noexcept {
  Claims::Counter& next = run.claims->counter(step, 0);
  while (next.load(std::memory_order_relaxed) < n) {
    const std::uint64_t i = next.fetch_add(1, std::memory_order_relaxed);
    if (i < n) body(i);
  }
}

/// How many of n_heads query heads on the same keys and values to claim at once: all of them, so
/// that those are read once, unless n_claims of that size leave threads without any.
std::uint32_t heads_per_claim(std::uint32_t n_heads, std::uint64_t n_claims,
                              std::uint32_t n_threads) noexcept;

/// How many tiles of a weight to claim at once.
std::uint64_t tiles_per_claim(std::uint64_t n_tiles, std::uint64_t tile_bytes,
                              std::uint32_t n_threads) noexcept;

}  // namespace wick::cpu

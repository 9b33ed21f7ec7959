// Everything is claimed once, whoever comes when.
#include "claims.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace wick::cpu {
namespace {

class IdleStep final : public Step {
 public:
  void run(const RunContext&, const sdk::Team&) const noexcept override {}
};

template <class Body>
void on_threads(std::uint32_t n_threads, Body body) {
  std::vector<std::thread> threads;
  for (std::uint32_t t = 0; t < n_threads; ++t)
    threads.emplace_back([=] { body(sdk::Team(nullptr, nullptr, t, n_threads)); });
  for (std::thread& thread : threads) thread.join();
}

TEST(Claims, CoverEverythingOnceInEveryPhase) {
  for (const std::uint32_t n_threads : {1u, 2u, 5u}) {
    Claims claims(2, n_threads);
    RunContext run{};
    run.claims = &claims;
    IdleStep step;
    step.claim_slot = 1;
    claims.start();
    for (step.phase = 0; step.phase < 4; ++step.phase) {
      for (const std::uint64_t n : {0u, 1u, 7u, 100u}) {
        for (std::uint32_t t = 0; t < n_threads; ++t) claims.prepare_next(step.phase + 1, t);
        std::vector<std::atomic<int>> n_shared(n);
        on_threads(n_threads, [&](const sdk::Team& team) {
          claim_share(run, step, team, n, 3, [&](Range range) {
            for (std::uint64_t i = range.begin; i < range.end; ++i) ++n_shared[i];
          });
        });
        for (const auto& count : n_shared) EXPECT_EQ(count, 1) << n << " by " << n_threads;
      }
    }
  }
}

TEST(Claims, GoInOrderWhereEachIsClaimedAlone) {
  Claims claims(1, 3);
  RunContext run{};
  run.claims = &claims;
  const IdleStep step;
  std::atomic<std::uint64_t> n_done{0};
  on_threads(3, [&](const sdk::Team&) {
    std::uint64_t next = 0;
    claim_each(run, step, 1000, [&](std::uint64_t i) {
      EXPECT_GE(i, next);
      next = i + 1;
      ++n_done;
    });
  });
  EXPECT_EQ(n_done, 1000u);
}

TEST(Claims, LeaveNoThreadWithoutTiles) {
  for (const std::uint64_t n_tiles : {1u, 32u, 128u, 8016u})
    for (const std::uint64_t tile_bytes : {64u, 18432u, 1u << 20})
      for (const std::uint32_t n_threads : {1u, 2u, 16u, 128u}) {
        const std::uint64_t n = tiles_per_claim(n_tiles, tile_bytes, n_threads);
        EXPECT_GE(n, 1u);
        EXPECT_LE(n, (n_tiles + n_threads - 1) / n_threads);
      }
}

}  // namespace
}  // namespace wick::cpu

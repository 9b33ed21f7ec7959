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

TEST(Claims, DivideHeadsOnlyAmongThreadsThatWouldHaveNone) {
  // 32 heads on 8 of keys, a token: as many claims as 16 threads, where 8 took all before.
  EXPECT_EQ(heads_per_claim(4, 8, 16), 2u);
  EXPECT_EQ(heads_per_claim(4, 8, 32), 1u);
  EXPECT_EQ(heads_per_claim(4, 8, 1024), 1u);
  for (const std::uint32_t n_threads : {1u, 2u, 8u, 12u, 15u})
    EXPECT_EQ(heads_per_claim(4, 8, n_threads), 4u) << n_threads;
  EXPECT_EQ(heads_per_claim(8, 1, 2), 4u);
  EXPECT_EQ(heads_per_claim(1, 1, 16), 1u);
  for (std::uint32_t n_heads = 1; n_heads <= 40; ++n_heads)
    for (std::uint64_t n_claims = 1; n_claims <= 40; ++n_claims)
      for (std::uint32_t n_threads = 1; n_threads <= 40; ++n_threads) {
        const std::uint32_t n = heads_per_claim(n_heads, n_claims, n_threads);
        ASSERT_GE(n, 1u);
        ASSERT_LE(n, n_heads);
        if (n < n_heads) {
          ASSERT_LE(n_claims * ((n_heads + n - 1) / n), n_threads);
        }
      }
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

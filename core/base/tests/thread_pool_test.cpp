// Regions, barriers and nesting of the thread pool.
#include "base/thread_pool.h"

#include "base/processors.h"

#include <gtest/gtest.h>

#include <chrono>
#include <set>
#include <thread>
#include <vector>

namespace wick {
namespace {

TEST(ThreadPool, RunsTheBodyOnceOnEveryThread) {
  for (const std::uint32_t n : {1u, 2u, 3u, 8u}) {
    ThreadPool pool(n);
    for (int repeat = 0; repeat < 100; ++repeat) {
      std::vector<int> calls(n, 0);
      pool.run([&](std::uint32_t thread, std::uint32_t n_threads, wick_team*) {
        if (n_threads == n) ++calls[thread];
      });
      EXPECT_EQ(calls, std::vector<int>(n, 1));
    }
  }
}

TEST(ThreadPool, MakesTheCallerThreadZero) {
  ThreadPool pool(3);
  std::thread::id zero;
  pool.run([&](std::uint32_t thread, std::uint32_t, wick_team*) {
    if (thread == 0) zero = std::this_thread::get_id();
  });
  EXPECT_EQ(zero, std::this_thread::get_id());
}

TEST(ThreadPool, BarrierOrdersWhatAllThreadsWrote) {
  for (const std::uint32_t n : {2u, 5u}) {
    ThreadPool pool(n);
    constexpr int kRounds = 300;
    std::vector<int> cells(n, 0);
    std::atomic<int> wrong{0};
    pool.run([&](std::uint32_t thread, std::uint32_t, wick_team* team) {
      for (int round = 1; round <= kRounds; ++round) {
        cells[thread] = round;
        ThreadPool::barrier(team);
        for (const int cell : cells) wrong += cell != round;
        ThreadPool::barrier(team);
      }
    });
    EXPECT_EQ(wrong, 0);
    EXPECT_EQ(cells, std::vector<int>(n, kRounds));
  }
}

TEST(ThreadPool, RunsANestedRegionOnItsCallerAlone) {
  ThreadPool pool(4);
  ThreadPool other(4);
  std::atomic<int> inner{0}, teams_of_one{0};
  pool.run([&](std::uint32_t, std::uint32_t, wick_team*) {
    for (ThreadPool* nested : {&pool, &other})
      nested->run([&](std::uint32_t thread, std::uint32_t n_threads, wick_team* team) {
        ThreadPool::barrier(team);
        ++inner;
        teams_of_one += thread == 0 && n_threads == 1;
      });
  });
  EXPECT_EQ(inner, 8);
  EXPECT_EQ(teams_of_one, 8);
}

TEST(ThreadPool, ServesCallersFromSeveralThreads) {
  ThreadPool pool(3);
  std::atomic<int> calls{0};
  std::vector<std::thread> callers;
  for (int i = 0; i < 4; ++i)
    callers.emplace_back([&] {
      for (int repeat = 0; repeat < 50; ++repeat)
        pool.run([&](std::uint32_t, std::uint32_t, wick_team* team) {
          ThreadPool::barrier(team);
          ++calls;
        });
    });
  for (auto& caller : callers) caller.join();
  EXPECT_EQ(calls, 4 * 50 * 3);
}

TEST(ThreadPool, HandsOutEveryIndexOnce) {
  ThreadPool pool(3);
  std::vector<std::atomic<int>> counts(10007);
  pool.parallel_for(counts.size(), [&](std::uint64_t i) { ++counts[i]; });
  for (const auto& count : counts) ASSERT_EQ(count, 1);
}

TEST(ThreadPool, WakesUpThreadsThatWentToSleep) {
  ThreadPool pool(4);
  std::atomic<int> calls{0};
  for (int repeat = 0; repeat < 5; ++repeat) {
    pool.run([&](std::uint32_t, std::uint32_t, wick_team*) { ++calls; });
    std::this_thread::sleep_for(std::chrono::milliseconds(3));
  }
  EXPECT_EQ(calls, 5 * 4);
}

TEST(ThreadPool, FinishesWithFarMoreThreadsThanProcessors) {
  ThreadPool pool(allowed_processors() * 16);
  std::atomic<std::uint32_t> calls{0};
  pool.run([&](std::uint32_t, std::uint32_t, wick_team* team) {
    for (int i = 0; i < 20; ++i) ThreadPool::barrier(team);
    ++calls;
  });
  EXPECT_EQ(calls, pool.n_threads());
}

TEST(ThreadPool, KeepsTheNumberOfThreadsInBounds) {
  EXPECT_EQ(ThreadPool(0).n_threads(), default_thread_count());
  EXPECT_EQ(ThreadPool(4'000'000'000u).n_threads(), ThreadPool::kMaxThreads);
}

TEST(Processors, DefaultIsAtLeastOneAndNoMoreThanAllowed) {
  EXPECT_GE(default_thread_count(), 1u);
  EXPECT_LE(default_thread_count(), allowed_processors());
}

TEST(Processors, ReadsTheQuotaOfAContainer) {
  EXPECT_EQ(quota_of("200000 100000"), 2u);
  EXPECT_EQ(quota_of("150000 100000"), 2u);
  EXPECT_EQ(quota_of("1000 100000"), 1u);
  EXPECT_EQ(quota_of("max 100000"), std::nullopt);
  EXPECT_EQ(quota_of(""), std::nullopt);
  EXPECT_EQ(quota_of("100000"), std::nullopt);
  EXPECT_EQ(quota_of("100000 0"), std::nullopt);
  EXPECT_EQ(quota_of("99999999999999999999999 1"), std::nullopt);
}

}  // namespace
}  // namespace wick

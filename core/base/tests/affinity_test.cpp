// Threads that are bound to processors. Where this process has one processor, little is seen.
#include "base/affinity.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <wick/error.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "base/processors.h"
#include "base/thread_pool.h"

namespace wick {
namespace {

ErrorCode code_of(std::uint32_t n_threads, const std::vector<int>& processors) {
  try {
    const ThreadPool pool(n_threads, processors);
  } catch (const Error& error) {
    return error.code();
  }
  return ErrorCode::kOk;
}

/// Where each thread of a region of the pool is, and where it may be.
struct Seen {
  int processor;
  std::vector<int> allowed;
};
std::vector<Seen> seen_by(ThreadPool& pool) {
  std::vector<Seen> seen(pool.n_threads());
  pool.run([&](std::uint32_t thread, std::uint32_t, wick_team*) {
    seen[thread] = {sched_getcpu(), allowed_processor_numbers()};
  });
  return seen;
}

TEST(Affinity, BindsEachThreadToItsProcessorInTurn) {
  std::vector<int> processors = allowed_processor_numbers();
  std::reverse(processors.begin(), processors.end());
  ThreadPool pool(0, processors);
  ASSERT_EQ(pool.n_threads(), processors.size());
  for (int repeat = 0; repeat < 20; ++repeat) {
    const std::vector<Seen> seen = seen_by(pool);
    for (std::size_t i = 0; i < seen.size(); ++i) {
      EXPECT_EQ(seen[i].processor, processors[i]);
      EXPECT_EQ(seen[i].allowed, std::vector<int>{processors[i]});
    }
  }
}

TEST(Affinity, LeavesTheCallerFreeBetweenRegions) {
  const std::vector<int> before = allowed_processor_numbers();
  ThreadPool pool(0, {before.back()});
  EXPECT_EQ(pool.n_threads(), 1u);
  EXPECT_EQ(seen_by(pool).front().processor, before.back());
  EXPECT_EQ(allowed_processor_numbers(), before);
}

TEST(Affinity, BindsEveryCallerOfARegion) {
  const std::vector<int> before = allowed_processor_numbers();
  ThreadPool pool(0, before);
  std::atomic<int> bound{0}, free{0};
  std::vector<std::thread> callers;
  for (int i = 0; i < 4; ++i)
    callers.emplace_back([&] {
      for (int repeat = 0; repeat < 10; ++repeat) {
        bound += seen_by(pool).front().allowed == std::vector<int>{before.front()};
        free += allowed_processor_numbers() == before;
      }
    });
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(bound, 40);
  EXPECT_EQ(free, 40);
}

TEST(Affinity, BindsNobodyUnlessAsked) {
  ThreadPool pool(2);
  for (const Seen& seen : seen_by(pool)) EXPECT_EQ(seen.allowed, allowed_processor_numbers());
}

TEST(Affinity, RefusesProcessorsThatMayNotBeUsed) {
  const int last = allowed_processor_numbers().back();
  EXPECT_EQ(code_of(0, {last, last + 1}), ErrorCode::kUnavailable);
  EXPECT_EQ(code_of(0, {kMaxProcessors}), ErrorCode::kUnavailable);
  EXPECT_EQ(code_of(0, {1 << 30}), ErrorCode::kUnavailable);
  EXPECT_EQ(code_of(0, {-1}), ErrorCode::kUnavailable);
  const BoundThread bound(last);
  ASSERT_TRUE(bound.is_bound());
  EXPECT_EQ(code_of(0, {last}), ErrorCode::kOk);
  if (last > 0) {
    EXPECT_EQ(code_of(0, {last - 1}), ErrorCode::kUnavailable);
  }
}

TEST(Affinity, RefusesOneProcessorForTwoThreads) {
  const int last = allowed_processor_numbers().back();
  EXPECT_EQ(code_of(0, {last, last}), ErrorCode::kUsage);
  EXPECT_EQ(code_of(2, {last}), ErrorCode::kUsage);
  EXPECT_EQ(code_of(1, {last}), ErrorCode::kOk);
}

}  // namespace
}  // namespace wick
